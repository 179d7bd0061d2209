//! What the processor can do beyond what every one of its kind can.

#[cfg(all(target_arch = "aarch64", target_endian = "little", target_feature = "neon"))]
pub(crate) use self::aarch64::Neon as Vectors;
#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_endian = "little", target_feature = "neon")
)))]
pub(crate) use self::others::Vectors;
#[cfg(target_arch = "x86_64")]
pub(crate) use self::x86_64::Avx2 as Vectors;

#[cfg(target_arch = "x86_64")]
mod x86_64 {
    /// Shows that the processor has AVX2, and the instructions on single bits that came with it.
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Avx2(());

    impl Avx2 {
        pub(crate) fn detect() -> Option<Avx2> {
            let has_all = is_x86_feature_detected!("avx2")
                && is_x86_feature_detected!("bmi1")
                && is_x86_feature_detected!("bmi2")
                && is_x86_feature_detected!("lzcnt");
            has_all.then_some(Avx2(()))
        }
    }
}

#[cfg(all(target_arch = "aarch64", target_endian = "little", target_feature = "neon"))]
mod aarch64 {
    /// The processor has NEON.
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Neon;

    impl Neon {
        pub(crate) fn detect() -> Option<Neon> {
            Some(Neon)
        }
    }
}

#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_endian = "little", target_feature = "neon")
)))]
mod others {
    /// There are none.
    #[derive(Clone, Copy, Debug)]
    pub(crate) enum Vectors {}

    impl Vectors {
        pub(crate) fn detect() -> Option<Vectors> {
            None
        }
    }
}
