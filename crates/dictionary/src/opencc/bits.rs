//! Vectors of bits and of packed numbers, as the library marisa-trie searches them in place.

use crate::{Error, format::push_number};

/// The bits that one entry of the list of ranks is for, and the ones or zeros for each place that is noted.
const BLOCK: usize = 512;
/// The bits of a word.
const WORD: usize = 64;

/// Appends a vector of bytes: its length, the bytes, and zeros up to a multiple of 8.
pub(super) fn write_vector(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend((bytes.len() as u64).to_le_bytes());
    out.extend_from_slice(bytes);
    out.resize(out.len() + (8 - bytes.len() % 8) % 8, 0);
}

/// Appends the vector of bits that has none, and no lists.
pub(super) fn write_no_bits(out: &mut Vec<u8>) {
    write_vector(&[], out);
    out.extend([0; 8]);
    for _ in 0..3 {
        write_vector(&[], out);
    }
}

/// Appends bits, with the list of how many ones there are before each block; and, as `notes` says for zeros and ones, the list of
/// the places of every 512th of them.
pub(super) fn write(bits: &[bool], notes: [bool; 2], out: &mut Vec<u8>) -> Result<(), Error> {
    let words: Vec<u64> = bits
        .chunks(WORD)
        .map(|word| word.iter().enumerate().fold(0, |packed, (at, &bit)| packed | u64::from(bit) << at))
        .collect();
    write_vector(&words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>(), out);
    push_number(out, bits.len())?;
    push_number(out, bits.iter().filter(|&&bit| bit).count())?;

    let mut ranks = Vec::new();
    let mut ones: u32 = 0;
    // Behind the last block, there is an entry of all.
    for block in words.chunks(BLOCK / WORD).chain([&[][..]]) {
        let mut within = [0; 7];
        let mut count: u32 = 0;
        for word in 0..8 {
            count += block.get(word).map_or(0, |word| word.count_ones());
            if let Some(within) = within.get_mut(word) {
                *within = count;
            }
        }
        let [one, two, three, four, five, six, seven] = within;
        for number in [ones, one | two << 7 | three << 15 | four << 23, five | six << 9 | seven << 18] {
            ranks.extend(number.to_le_bytes());
        }
        ones += count;
    }
    write_vector(&ranks, out);

    for (noted, kind) in notes.into_iter().zip([false, true]) {
        let mut places = Vec::new();
        if noted {
            let found = bits.iter().enumerate().filter(|&(_, &bit)| bit == kind).map(|(place, _)| place);
            for place in found.step_by(BLOCK).chain([bits.len()]) {
                push_number(&mut places, place)?;
            }
        }
        write_vector(&places, out);
    }
    Ok(())
}

/// Appends numbers in as many bits each as the largest one needs.
pub(super) fn write_packed(numbers: &[u32], out: &mut Vec<u8>) {
    let width = 32 - numbers.iter().max().map_or(32, |largest| largest.leading_zeros()) as usize;
    // Numbers that are all 0 have no bits, but a word.
    let words = (numbers.len() * width).div_ceil(WORD).max(usize::from(!numbers.is_empty()));
    let mut packed = vec![0_u64; words];
    for (index, &number) in numbers.iter().enumerate().filter(|(_, number)| **number > 0) {
        let (word, shift) = (index * width / WORD, index * width % WORD);
        packed[word] |= u64::from(number) << shift;
        if shift + width > WORD {
            packed[word + 1] |= u64::from(number) >> (WORD - shift);
        }
    }
    write_vector(&packed.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>(), out);
    out.extend((width as u32).to_le_bytes());
    out.extend((((1_u64 << width) - 1) as u32).to_le_bytes());
    out.extend((numbers.len() as u64).to_le_bytes());
}
