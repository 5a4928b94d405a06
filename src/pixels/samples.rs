//! The two pictures inside the program; see `assets/samples/README.md` for their authors.

/// A picture inside the program.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Its name for people.
    pub name: &'static str,
    /// The file.
    pub bytes: &'static [u8],
}

/// The content image of a first start.
pub const SAMPLE_CONTENT: Sample = Sample {
    name: "chelsea.png",
    bytes: include_bytes!("../../assets/samples/chelsea.png"),
};

/// The style image of a first start.
pub const SAMPLE_STYLE: Sample = Sample {
    name: "starry_night.jpg",
    bytes: include_bytes!("../../assets/samples/starry_night.jpg"),
};
