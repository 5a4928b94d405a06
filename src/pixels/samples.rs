//! The pictures inside the program; see `README.md` in `assets/samples` and `assets/photographs` for
//! their authors.

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

/// Photographs that brushes are learnt on.
pub const PHOTOGRAPHS: [Sample; 3] = [
    SAMPLE_CONTENT,
    Sample {
        name: "coffee.jpg",
        bytes: include_bytes!("../../assets/photographs/coffee.jpg"),
    },
    Sample {
        name: "rocket.jpg",
        bytes: include_bytes!("../../assets/photographs/rocket.jpg"),
    },
];
