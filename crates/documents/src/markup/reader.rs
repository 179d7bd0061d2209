//! What the tokenizer of HTML reads from.

use std::convert::Infallible;

/// How many bytes a short value has.
const SHORT: usize = 16;

/// The bytes of a page.
///
/// Text and values in quotation marks are read at once up to their end, whatever stands in them: the tokenizer's user looks at
/// the source, so that entities, NUL and carriage returns need not be read one by one.
pub(super) struct Reader<'p> {
    rest: &'p [u8],
}

impl<'p> Reader<'p> {
    pub(super) fn new(page: &'p [u8]) -> Reader<'p> {
        Reader { rest: page }
    }

    #[inline(always)]
    fn take(&mut self, len: usize) -> &'p [u8] {
        let (taken, rest) = self.rest.split_at(len);
        self.rest = rest;
        taken
    }
}

impl html5gum::Reader for Reader<'_> {
    type Error = Infallible;

    #[inline(always)]
    fn read_byte(&mut self) -> Result<Option<u8>, Infallible> {
        let Some((&first, rest)) = self.rest.split_first() else { return Ok(None) };
        self.rest = rest;
        Ok(Some(first))
    }

    #[inline(always)]
    fn try_read_string(&mut self, text: &[u8], is_case_sensitive: bool) -> Result<bool, Infallible> {
        let is_next = self
            .rest
            .get(..text.len())
            .is_some_and(|next| next == text || !is_case_sensitive && next.eq_ignore_ascii_case(text));
        if is_next {
            self.take(text.len());
        }
        Ok(is_next)
    }

    #[inline(always)]
    fn read_until<'b>(&'b mut self, ends: &[u8], _: &'b mut [u8; 4]) -> Result<Option<&'b [u8]>, Infallible> {
        let Some(&first) = self.rest.first() else { return Ok(None) };
        let len = match ends {
            // Text, and values between quotation marks, which are short.
            b"&<\0\r" | b"<\0\r" => until(b'<', self.rest, 0),
            b"\"&\0\r" => until(b'"', self.rest, SHORT),
            b"'&\0\r" => until(b'\'', self.rest, SHORT),
            _ if ends.contains(&first) => 1,
            _ => self.rest.iter().position(|byte| ends.contains(byte)).unwrap_or(self.rest.len()),
        };
        Ok(Some(self.take(len)))
    }
}

/// The length up to a byte that ends something; or 1, if that is the first. The first `short` bytes are looked at one by one.
#[inline(always)]
fn until(end: u8, bytes: &[u8], short: usize) -> usize {
    let is_end = |&byte: &u8| byte == end;
    let short = short.min(bytes.len());
    let found = bytes[..short].iter().position(is_end);
    let found = found.or_else(|| memchr::memchr(end, &bytes[short..]).map(|len| short + len));
    found.unwrap_or(bytes.len()).max(1)
}
