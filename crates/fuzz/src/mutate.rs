//! Random inputs, and changes of known ones.

use fastrand::Rng;

/// Parts of formats, and characters at whose edges something happens.
const PARTS: [&[u8]; 24] = [
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\n",
    b"\r\n",
    b"\t",
    b"\\u6211",
    b"\\ud83d",
    b"null",
    b"\"text\":",
    b"#",
    b"=",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\xe5\xa4\xb4\xe5\x8f\x91",
    b"\xe2\xbf\xb0",
    b"\xe4",
];

/// Makes an input: a random one, or a changed one of these.
pub(crate) fn input(rng: &mut Rng, corpus: &[Vec<u8>], longest: usize, is_file: bool) -> Vec<u8> {
    if corpus.is_empty() || (!is_file && rng.u8(..4) > 0) {
        let mut bytes = vec![0; rng.usize(..=longest)];
        rng.fill(&mut bytes);
        return bytes;
    }
    let mut bytes = corpus[rng.usize(..corpus.len())].clone();
    for _ in 0..rng.usize(1..=6) {
        change(rng, corpus, &mut bytes);
    }
    bytes
}

fn change(rng: &mut Rng, corpus: &[Vec<u8>], bytes: &mut Vec<u8>) {
    let at = rng.usize(..=bytes.len());
    let range = |rng: &mut Rng, len: usize| {
        let start = rng.usize(..=len);
        start..rng.usize(start..=len.min(start + 16))
    };
    match rng.u8(..8) {
        0 | 1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << rng.u8(..8);
            }
        }
        2 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = rng.u8(..);
            }
        }
        3 => drop(bytes.drain(range(rng, bytes.len()))),
        4 => drop(bytes.splice(at..at, PARTS[rng.usize(..PARTS.len())].iter().copied())),
        5 => {
            let copy = bytes[range(rng, bytes.len())].to_vec();
            bytes.splice(at..at, copy);
        }
        6 => {
            let other = &corpus[rng.usize(..corpus.len())];
            let part = other[range(rng, other.len())].to_vec();
            bytes.splice(at..at, part);
        }
        _ => {
            let end = (at + 4).min(bytes.len());
            let number = [0, 1, 0x7f, 0xff, 0xffff, u32::MAX, u32::MAX / 2][rng.usize(..7)].to_le_bytes();
            bytes.splice(at..end, number);
        }
    }
}

/// Makes an input that fails smaller, by leaving out halves, quarters and so on as long as it still fails.
pub(crate) fn minimize(mut input: Vec<u8>, fails: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut len = input.len() / 2;
    while len > 0 {
        let mut at = 0;
        while at < input.len() {
            let end = (at + len).min(input.len());
            let shorter = [&input[..at], &input[end..]].concat();
            if fails(&shorter) { input = shorter } else { at = end }
        }
        len /= 2;
    }
    input
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_reduced_to_what_fails() {
        let input: Vec<u8> = (0..200).collect();
        let smaller = minimize(input, |bytes| bytes.contains(&17) && bytes.contains(&190));
        assert_eq!(smaller, [17, 190]);
    }

    #[test]
    fn the_same_seed_makes_the_same_inputs() {
        let corpus = [b"{\"text\": 1}".to_vec(), b"abc".to_vec()];
        let inputs = |seed| {
            let mut rng = Rng::with_seed(seed);
            (0..2000).map(|_| input(&mut rng, &corpus, 40, false)).collect::<Vec<_>>()
        };
        assert_eq!(inputs(1), inputs(1));
        assert_ne!(inputs(1), inputs(2));
    }
}
