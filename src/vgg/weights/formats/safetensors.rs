//! Safetensors: an eight-byte length, a JSON header, the tensors.

use std::collections::BTreeMap;

use safetensors::{Dtype, SafeTensors};

use super::contents::{Contents, Element, Reason, Stored};

/// Reads a whole file. Tensors of integers (counters of batch normalization) are left out.
pub(super) fn read(file: &[u8]) -> Reason<Contents<'_>> {
    let fault = |why| format!("it is not a whole safetensors file ({why})");
    let (_, header) = SafeTensors::read_metadata(file).map_err(fault)?;
    let tensors = SafeTensors::deserialize(file).map_err(fault)?;
    let tensors = tensors.tensors().into_iter().filter_map(|(name, view)| {
        let element = match view.dtype() {
            Dtype::F16 => Element::F16,
            Dtype::BF16 => Element::Bf16,
            Dtype::F32 => Element::F32,
            Dtype::F64 => Element::F64,
            _ => return None,
        };
        let shape = view.shape().to_vec();
        Some(Stored::new(name, shape, element, view.data()))
    });
    Ok(Contents {
        tensors: tensors.collect::<Reason<_>>()?,
        metadata: header
            .metadata()
            .iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect::<BTreeMap<_, _>>(),
    })
}
