//! What the processor can do beyond what every one of its kind can.

#[cfg(all(target_arch = "aarch64", target_endian = "little", target_feature = "neon"))]
pub use self::aarch64::Neon as Vectors;
#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "aarch64", target_endian = "little", target_feature = "neon")
)))]
pub use self::others::Vectors;
#[cfg(target_arch = "x86_64")]
pub use self::x86_64::{Avx2, Avx512, Vectors};

/// No other processor has AVX-512.
#[cfg(not(target_arch = "x86_64"))]
#[derive(Clone, Copy, Debug)]
pub enum Avx512 {}

#[cfg(not(target_arch = "x86_64"))]
impl Avx512 {
    /// Always None.
    #[must_use]
    pub fn detect() -> Option<Avx512> {
        None
    }
}

#[cfg(target_arch = "x86_64")]
mod x86_64 {
    /// The best that the processor has.
    #[derive(Clone, Copy, Debug)]
    pub enum Vectors {
        /// Vectors of 32 bytes.
        Avx2(Avx2),
        /// Vectors of 64 bytes.
        Avx512(Avx512),
    }

    impl Vectors {
        /// None if it has neither.
        #[must_use]
        pub fn detect() -> Option<Vectors> {
            Avx512::detect().map(Vectors::Avx512).or_else(|| Avx2::detect().map(Vectors::Avx2))
        }

        /// Whether they are those of AVX-512.
        #[must_use]
        pub fn has_avx512(self) -> bool {
            matches!(self, Vectors::Avx512(_))
        }

        /// All that it has, the best one first: for tests.
        #[doc(hidden)]
        #[must_use]
        pub fn all() -> Vec<Vectors> {
            let avx512 = Avx512::detect().map(Vectors::Avx512);
            avx512.into_iter().chain(Avx2::detect().map(Vectors::Avx2)).collect()
        }
    }

    /// Shows that the processor has AVX2, and the instructions on single bits that came with it.
    #[derive(Clone, Copy, Debug)]
    pub struct Avx2(());

    impl Avx2 {
        /// None if it has not all of them: `avx2`, `bmi1`, `bmi2`, `lzcnt`.
        #[must_use]
        pub fn detect() -> Option<Avx2> {
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
    pub struct Avx512 {
        gathers_fast: bool,
    }

    impl Avx512 {
        /// None if it has not all of them: those of [`Avx2`], and `popcnt`, `avx512f`, `avx512bw`, `avx512vbmi`, `avx512vbmi2`.
        #[must_use]
        pub fn detect() -> Option<Avx512> {
            let has_all = is_x86_feature_detected!("popcnt")
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vbmi")
                && is_x86_feature_detected!("avx512vbmi2");
            Avx2::detect().filter(|_| has_all).map(|_| Avx512 { gathers_fast: is_x86_feature_detected!("avx512fp16") })
        }

        /// Whether words are read from several places faster by one instruction than one by one. Where Downfall concerns a processor,
        /// its microcode guards these instructions (Intel's security advisory 828, 2023), and those of AMD were slower with them
        /// (`scan/vectors/mod.rs` of the engine). AVX512-FP16 came with the first ones of Intel that Downfall does not concern;
        /// AMD's up to Zen 5 do not have it, and later ones have not been measured.
        #[inline]
        #[must_use]
        pub fn gathers_fast(self) -> bool {
            self.gathers_fast
        }

        /// The same, as on a processor where they are not: for tests.
        #[doc(hidden)]
        #[must_use]
        pub fn without_fast_gathers(self) -> Avx512 {
            Avx512 { gathers_fast: false }
        }
    }
}

#[cfg(all(target_arch = "aarch64", target_endian = "little", target_feature = "neon"))]
mod aarch64 {
    /// The processor has NEON.
    #[derive(Clone, Copy, Debug)]
    pub struct Neon;

    impl Neon {
        /// Never None.
        #[must_use]
        pub fn detect() -> Option<Neon> {
            Some(Neon)
        }

        /// Whether they are those of AVX-512.
        #[must_use]
        pub fn has_avx512(self) -> bool {
            false
        }

        /// All that it has: for tests.
        #[doc(hidden)]
        #[must_use]
        pub fn all() -> Vec<Neon> {
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
    pub enum Vectors {}

    impl Vectors {
        /// Always None.
        #[must_use]
        pub fn detect() -> Option<Vectors> {
            None
        }

        /// Whether they are those of AVX-512.
        #[must_use]
        pub fn has_avx512(self) -> bool {
            match self {}
        }

        /// None: for tests.
        #[doc(hidden)]
        #[must_use]
        pub fn all() -> Vec<Vectors> {
            Vec::new()
        }
    }
}
