//! What the processor can do beyond what every one of its kind can.

#[cfg(all(target_arch = "aarch64", target_endian = "little", target_feature = "neon"))]
pub(crate) use self::aarch64::Neon as Vectors;
#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_endian = "little", target_feature = "neon")
)))]
pub(crate) use self::others::Vectors;
#[cfg(target_arch = "x86_64")]
pub(crate) use self::x86_64::{Avx2, Avx512, Vectors};

#[cfg(target_arch = "x86_64")]
mod x86_64 {
    /// The best that the processor has.
    #[derive(Clone, Copy, Debug)]
    pub(crate) enum Vectors {
        Avx2(Avx2),
        Avx512(Avx512),
    }

    impl Vectors {
        pub(crate) fn detect() -> Option<Vectors> {
            Avx512::detect().map(Vectors::Avx512).or_else(|| Avx2::detect().map(Vectors::Avx2))
        }

        /// Whether they read the [`NotableWords`](crate::tables::NotableWords).
        pub(crate) fn read_words(self) -> bool {
            matches!(self, Vectors::Avx512(_))
        }

        /// All that it has, the best one first.
        #[cfg(test)]
        pub(crate) fn all() -> Vec<Vectors> {
            let avx512 = Avx512::detect().map(Vectors::Avx512);
            avx512.into_iter().chain(Avx2::detect().map(Vectors::Avx2)).collect()
        }
    }

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

    /// Shows that the processor has AVX-512 with the instructions that move bytes together: those of Intel from Ice Lake on, and
    /// of AMD from Zen 4 on. They deposit bits fast, too, which older ones of AMD do not.
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Avx512(());

    impl Avx512 {
        pub(crate) fn detect() -> Option<Avx512> {
            let has_all = is_x86_feature_detected!("popcnt")
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vbmi")
                && is_x86_feature_detected!("avx512vbmi2");
            Avx2::detect().filter(|_| has_all).map(|_| Avx512(()))
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

        pub(crate) fn read_words(self) -> bool {
            false
        }

        #[cfg(test)]
        pub(crate) fn all() -> Vec<Neon> {
            vec![Neon]
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

        pub(crate) fn read_words(self) -> bool {
            match self {}
        }

        #[cfg(test)]
        pub(crate) fn all() -> Vec<Vectors> {
            Vec::new()
        }
    }
}
