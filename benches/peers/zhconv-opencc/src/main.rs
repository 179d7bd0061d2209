//! The peer zhconv with OpenCC's tables alone.

#[path = "../../src/peers/zhconv_by_target.rs"]
mod zhconv_by_target;

fn main() -> worker::Result<()> {
    worker::serve(&zhconv_by_target::PEER)
}
