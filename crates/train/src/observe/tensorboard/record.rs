//! The framing of event files: `length | masked crc of length | data | masked crc of data`, little-endian.
//!
//! The format is TensorFlow's TFRecord; its checksum is the CRC-32C, rotated and shifted so that a checksum of
//! data which holds checksums stays a good one.

/// Puts a record around some data.
pub(super) fn frame(data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u64).to_le_bytes();
    let mut record = Vec::with_capacity(data.len() + 16);
    record.extend_from_slice(&length);
    record.extend_from_slice(&masked_crc(&length).to_le_bytes());
    record.extend_from_slice(data);
    record.extend_from_slice(&masked_crc(data).to_le_bytes());
    record
}

pub(super) fn masked_crc(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(0xa282_ead8)
}
