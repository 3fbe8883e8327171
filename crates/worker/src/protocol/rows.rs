//! Rows on their way.

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Row;

/// Some rows of a list.
///
/// They travel as bytes: as structured clones, a thousand rows are ten thousand objects, and making, copying and reading those takes
/// longer than most queries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chunk(pub Vec<Row>);

impl Chunk {
    /// Rows that are asked for at once.
    pub const ROWS: u32 = 1000;
}

impl Serialize for Chunk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = postcard::to_allocvec(&self.0).map_err(S::Error::custom)?;
        serde_bytes::serialize(&bytes, serializer)
    }
}

impl<'de> Deserialize<'de> for Chunk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes: Vec<u8> = serde_bytes::deserialize(deserializer)?;
        postcard::from_bytes(&bytes).map(Self).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Mark, Value};
    use super::*;

    #[test]
    fn rows_arrive_as_they_were_sent() {
        let row = |mark, cells| Row { mark, cells };
        let number = || Value::Number("-1.50".into());
        let rows = Chunk(vec![
            row(Mark::Plain, vec![Value::Null, number(), Value::Text("ä\0\"".into())]),
            row(Mark::Added, vec![Value::Other("x'00'".into())]),
            row(Mark::Removed, vec![]),
            row(Mark::Updated(vec![None, Some(Value::Null), Some(number())]), vec![number()]),
        ]);
        let bytes = postcard::to_allocvec(&rows).unwrap();
        assert_eq!(postcard::from_bytes::<Chunk>(&bytes).unwrap(), rows);
        assert!(postcard::from_bytes::<Chunk>(&bytes[..bytes.len() - 1]).is_err());
    }
}
