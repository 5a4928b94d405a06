//! Names with weights, as they are written on the command line: `relu4_2=0.5`, `gram=2`.

use std::str::FromStr;

use crate::error::{Error, Result};

/// Reads a name with its weight; the weight may be left out and is 1 then.
///
/// # Errors
/// [`Error::Setting`] when the weight is not a number of 0 or more, and as `T` does for names.
pub(crate) fn parse_weighted<T: FromStr<Err = Error>>(text: &str) -> Result<(T, f64)> {
    let (name, weight) = text.split_once('=').unwrap_or((text, "1"));
    let parsed = name.parse()?;
    let weight = f64::from_str(weight)
        .ok()
        .filter(|w| w.is_finite() && *w >= 0.0)
        .ok_or_else(|| {
            Error::setting(
                format!("weight of {name}"),
                weight,
                format!("give a number of 0 or more, as in {name}=0.5"),
            )
        })?;
    Ok((parsed, weight))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        choice::Choice as _,
        network::Layer,
        settings::{ContentMeasure, StyleMeasure},
    };

    #[test]
    fn a_weight_may_be_left_out() {
        let layer = Layer::new(4, 2);
        assert_eq!(parse_weighted::<Layer>("relu4_2").unwrap(), (layer, 1.0));
        assert_eq!(
            parse_weighted::<Layer>("conv4_2=0.5").unwrap(),
            (layer, 0.5)
        );
    }

    #[test]
    fn every_measure_is_found_by_its_name() {
        for measure in StyleMeasure::ALL {
            assert_eq!(
                parse_weighted(&format!("{}=3", measure.name())).unwrap(),
                (measure, 3.0)
            );
        }
        for measure in ContentMeasure::ALL {
            assert_eq!(measure.name().parse::<ContentMeasure>().unwrap(), measure);
        }
    }

    #[test]
    fn errors_say_what_would_be_valid() {
        let names = parse_weighted::<StyleMeasure>("grams").unwrap_err();
        assert!(names.to_string().contains("sliced-wasserstein"), "{names}");
        for weight in ["-1", "nan", "", "much"] {
            let error = parse_weighted::<StyleMeasure>(&format!("gram={weight}"));
            assert!(error.unwrap_err().to_string().contains("gram=0.5"));
        }
    }
}
