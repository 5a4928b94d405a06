//! The stack machine of pickles, without everything that makes pickles dangerous.

use std::collections::BTreeMap;

use super::super::{
    bytes::Cursor,
    contents::{Element, Reason},
};
use super::{Global, Id, Tensor, Value};

/// Operations of one pickle, which bounds everything else in it: VGG-19's has about a thousand.
const MAX_OPERATIONS: usize = 1 << 20;

/// Values of one pickle.
const MAX_VALUES: usize = 1 << 16;

/// Bytes of a text: names of tensors and storages are shorter.
const MAX_TEXT: usize = 1024;

/// A running pickle.
#[derive(Default)]
pub(super) struct Machine {
    pub(super) values: Vec<Value>,
    stack: Vec<Id>,
    marks: Vec<usize>,
    memo: BTreeMap<u32, Id>,
}

impl Machine {
    /// Runs to the end and returns the result.
    pub(super) fn run(&mut self, cursor: &mut Cursor<'_>) -> Reason<Id> {
        for _ in 0..MAX_OPERATIONS {
            let operation = cursor.u8()?;
            match operation {
                // PROTO and FRAME say nothing that is needed.
                0x80 => drop(cursor.take(1)?),
                0x95 => drop(cursor.take(8)?),
                b'.' => return self.pop(),
                b'(' => self.marks.push(self.stack.len()),
                // POP; and BUILD, whose attributes of dictionaries and tensors say nothing.
                b'0' | b'b' => drop(self.pop()?),
                b'N' => self.push(Value::None)?,
                0x88 => self.push(Value::Integer(1))?,
                0x89 => self.push(Value::Integer(0))?,
                b'J' => {
                    let value = cursor.u32()?.cast_signed();
                    self.push(Value::Integer(i64::from(value)))?;
                }
                b'K' => {
                    let value = i64::from(cursor.u8()?);
                    self.push(Value::Integer(value))?;
                }
                b'M' => {
                    let value = i64::from(cursor.u16()?);
                    self.push(Value::Integer(value))?;
                }
                0x8a => self.long(cursor)?,
                b'G' => {
                    cursor.take(8)?;
                    self.push(Value::Nothing)?;
                }
                // Texts, and the byte strings of Python 2, by the width of their length.
                0x8c | b'U' | b'C' => {
                    let length = u64::from(cursor.u8()?);
                    self.text(cursor.take(length)?)?;
                }
                b'X' | b'T' | b'B' => {
                    let length = u64::from(cursor.u32()?);
                    self.text(cursor.take(length)?)?;
                }
                b'}' => self.push(Value::Dictionary(Vec::new()))?,
                b']' | b')' => self.push(Value::Sequence(Vec::new()))?,
                0x85..=0x87 => {
                    let count = usize::from(operation - 0x84);
                    let items = self.pop_many(count)?;
                    self.push(Value::Sequence(items))?;
                }
                b't' | b'l' => {
                    let items = self.pop_mark()?;
                    self.push(Value::Sequence(items))?;
                }
                b'a' => {
                    let item = self.pop()?;
                    self.append(vec![item])?;
                }
                b'e' => {
                    let items = self.pop_mark()?;
                    self.append(items)?;
                }
                b's' => {
                    let items = self.pop_many(2)?;
                    self.set(&items)?;
                }
                b'u' => {
                    let items = self.pop_mark()?;
                    self.set(&items)?;
                }
                // Memory.
                b'q' => self.remember(|_| Ok(u32::from(cursor.u8()?)))?,
                b'r' => self.remember(|_| cursor.u32())?,
                0x94 => self.remember(|count| Ok(count as u32))?,
                b'h' => self.recall(u32::from(cursor.u8()?))?,
                b'j' => self.recall(cursor.u32()?)?,
                // Globals and what is made with them.
                b'c' => {
                    let module = String::from_utf8_lossy(cursor.until(b'\n')?);
                    let name = String::from_utf8_lossy(cursor.until(b'\n')?);
                    self.global(&module, &name)?;
                }
                0x93 => {
                    let names = self.pop_many(2)?;
                    let [module, name] = [names[0], names[1]].map(|id| self.as_text(id));
                    let (module, name) = (module?, name?);
                    self.global(&module, &name)?;
                }
                b'Q' => {
                    let id = self.pop()?;
                    self.storage(id)?;
                }
                b'R' => self.call()?,
                _ => {
                    return Err(format!(
                        "its pickle has an operation {operation:#04x}, which weights do not need"
                    ));
                }
            }
        }
        Err(format!(
            "its pickle has more than {MAX_OPERATIONS} operations"
        ))
    }

    fn add(&mut self, value: Value) -> Reason<Id> {
        if self.values.len() >= MAX_VALUES {
            return Err(format!("its pickle has more than {MAX_VALUES} values"));
        }
        self.values.push(value);
        Ok(self.values.len() as Id - 1)
    }

    fn push(&mut self, value: Value) -> Reason<()> {
        let id = self.add(value)?;
        self.stack.push(id);
        Ok(())
    }

    fn pop(&mut self) -> Reason<Id> {
        let floor = self.marks.last().copied().unwrap_or(0);
        if self.stack.len() <= floor {
            return Err("its pickle takes from an empty stack".to_owned());
        }
        self.stack
            .pop()
            .ok_or_else(|| "its pickle takes from an empty stack".to_owned())
    }

    fn pop_many(&mut self, count: usize) -> Reason<Vec<Id>> {
        let mut items = (0..count).map(|_| self.pop()).collect::<Reason<Vec<_>>>()?;
        items.reverse();
        Ok(items)
    }

    fn pop_mark(&mut self) -> Reason<Vec<Id>> {
        let mark = self
            .marks
            .pop()
            .ok_or_else(|| "its pickle lacks a mark".to_owned())?;
        Ok(self.stack.split_off(mark))
    }

    fn top(&self) -> Reason<Id> {
        self.stack
            .last()
            .copied()
            .ok_or_else(|| "its pickle takes from an empty stack".to_owned())
    }

    fn text(&mut self, bytes: &[u8]) -> Reason<()> {
        self.push(if bytes.len() <= MAX_TEXT {
            Value::Text(String::from_utf8_lossy(bytes).into_owned())
        } else {
            Value::Nothing
        })
    }

    /// A whole number of up to eight bytes; longer ones occur in no tensor.
    fn long(&mut self, cursor: &mut Cursor<'_>) -> Reason<()> {
        let length = cursor.u8()?;
        let bytes = cursor.take(u64::from(length))?;
        let negative = bytes.last().is_some_and(|&byte| byte >= 0x80);
        let mut wide = [if negative { 0xff } else { 0 }; 8];
        match wide.get_mut(..bytes.len()) {
            Some(low) => low.copy_from_slice(bytes),
            None => return self.push(Value::Nothing),
        }
        self.push(Value::Integer(i64::from_le_bytes(wide)))
    }

    fn append(&mut self, items: Vec<Id>) -> Reason<()> {
        let list = self.top()?;
        match &mut self.values[list as usize] {
            Value::Sequence(list) => {
                list.extend(items);
                Ok(())
            }
            _ => Err("its pickle appends to what is not a list".to_owned()),
        }
    }

    fn set(&mut self, items: &[Id]) -> Reason<()> {
        let dictionary = self.top()?;
        match &mut self.values[dictionary as usize] {
            Value::Dictionary(entries) => {
                let (pairs, _) = items.as_chunks();
                entries.extend(pairs.iter().map(|&[key, value]| (key, value)));
                Ok(())
            }
            _ => Err("its pickle gives keys to what is not a dictionary".to_owned()),
        }
    }

    fn remember(&mut self, place: impl FnOnce(usize) -> Reason<u32>) -> Reason<()> {
        let place = place(self.memo.len())?;
        let top = self.top()?;
        self.memo.insert(place, top);
        Ok(())
    }

    fn recall(&mut self, place: u32) -> Reason<()> {
        let id = *self
            .memo
            .get(&place)
            .ok_or_else(|| format!("its pickle recalls value {place}, which it never stored"))?;
        self.stack.push(id);
        Ok(())
    }

    fn global(&mut self, module: &str, name: &str) -> Reason<()> {
        let known = match (module, name) {
            ("collections", "OrderedDict") => Global::OrderedDict,
            ("torch._utils", "_rebuild_tensor" | "_rebuild_tensor_v2") => Global::RebuildTensor,
            ("torch._utils", "_rebuild_parameter") => Global::RebuildParameter,
            ("torch" | "torch.cuda", _) => Global::Storage(match name {
                "HalfStorage" => Some(Element::F16),
                "BFloat16Storage" => Some(Element::Bf16),
                "FloatStorage" => Some(Element::F32),
                "DoubleStorage" => Some(Element::F64),
                "LongStorage" | "IntStorage" | "ShortStorage" | "CharStorage" | "ByteStorage"
                | "BoolStorage" => None,
                _ => return Err(refused(module, name)),
            }),
            _ => return Err(refused(module, name)),
        };
        self.push(Value::Global(known))
    }

    /// A persistent id: `("storage", type, key, place, count)`, in the legacy format with a view.
    fn storage(&mut self, id: Id) -> Reason<()> {
        let unknown = || "its pickle has a storage of an unknown form".to_owned();
        let Value::Sequence(parts) = &self.values[id as usize] else {
            return Err(unknown());
        };
        let &[kind, class, key, _, _, ref view @ ..] = parts.as_slice() else {
            return Err(unknown());
        };
        let whole = view
            .iter()
            .all(|&id| matches!(self.values[id as usize], Value::None));
        match (&self.values[class as usize], self.as_text(kind)?.as_str()) {
            (&Value::Global(Global::Storage(element)), "storage") if whole => {
                let key = self.as_text(key)?;
                self.push(Value::Storage(key, element))
            }
            _ => Err(unknown()),
        }
    }

    /// REDUCE: a known function of a tuple.
    fn call(&mut self) -> Reason<()> {
        let arguments = self.pop()?;
        let function = self.pop()?;
        let Value::Global(function) = self.values[function as usize] else {
            return Err("its pickle calls what is not a function".to_owned());
        };
        let Value::Sequence(arguments) = &self.values[arguments as usize] else {
            return Err("its pickle calls a function without arguments".to_owned());
        };
        let value = match (function, arguments.as_slice()) {
            (Global::OrderedDict, []) => Value::Dictionary(Vec::new()),
            (Global::RebuildParameter, &[tensor, ..]) => match &self.values[tensor as usize] {
                Value::Tensor(tensor) => Value::Tensor(tensor.clone()),
                _ => return Err("its pickle has a parameter without a tensor".to_owned()),
            },
            (Global::RebuildTensor, &[storage, offset, shape, stride, ..]) => {
                let Value::Storage(key, element) = &self.values[storage as usize] else {
                    return Err("its pickle has a tensor without a storage".to_owned());
                };
                let shape = self.as_sides(shape)?;
                let stride = self.as_sides(stride)?;
                if shape.len() != stride.len() {
                    return Err("its pickle has a tensor of an unknown form".to_owned());
                }
                Value::Tensor(Tensor {
                    storage: key.clone(),
                    element: *element,
                    offset: self.as_size(offset)?,
                    shape,
                    stride,
                })
            }
            _ => return Err("its pickle calls a function with other arguments".to_owned()),
        };
        self.push(value)
    }

    fn as_text(&self, id: Id) -> Reason<String> {
        match &self.values[id as usize] {
            Value::Text(text) => Ok(text.clone()),
            _ => Err("its pickle has no text where one is due".to_owned()),
        }
    }

    fn as_size(&self, id: Id) -> Reason<usize> {
        match self.values[id as usize] {
            Value::Integer(value) => usize::try_from(value).ok(),
            _ => None,
        }
        .ok_or_else(|| "its pickle has no size where one is due".to_owned())
    }

    fn as_sides(&self, id: Id) -> Reason<Vec<usize>> {
        match &self.values[id as usize] {
            Value::Sequence(sides) if sides.len() <= 8 => {
                sides.iter().map(|&side| self.as_size(side)).collect()
            }
            _ => Err("its pickle has a tensor of an unknown form".to_owned()),
        }
    }
}

fn refused(module: &str, name: &str) -> String {
    let shown = |text: &str| text.chars().take(60).collect::<String>();
    format!(
        "its pickle asks for {}.{}, which weights do not need",
        shown(module),
        shown(name)
    )
}
