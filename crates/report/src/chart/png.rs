//! PNG files, as far as a chart needs them: eight bits a colour, no transparency.

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// The first bytes of every PNG file.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Eight bits of red, green and blue, in the one way of compression, filtering and order that is simplest.
const FORM: [u8; 5] = [8, 2, 0, 0, 0];

/// The file of a picture of `width * height` pixels of three bytes each, row by row.
pub(super) fn png(width: u32, height: u32, rgb: &[u8]) -> Vec<u8> {
    let mut file = SIGNATURE.to_vec();
    chunk(&mut file, b"IHDR", &[&width.to_be_bytes()[..], &height.to_be_bytes(), &FORM].concat());
    chunk(&mut file, b"IDAT", &compressed(rgb, 3 * width as usize));
    chunk(&mut file, b"IEND", &[]);
    file
}

/// The rows, each behind a byte that says that it is filtered by nothing: a chart has few colours, and compresses
/// well as it is.
fn compressed(rgb: &[u8], row: usize) -> Vec<u8> {
    let mut lines = Vec::with_capacity(rgb.len() + rgb.len() / row.max(1));
    for line in rgb.chunks(row.max(1)) {
        lines.push(0);
        lines.extend_from_slice(line);
    }
    let mut encoder = Compress::new(Compression::default(), true);
    let mut packed = Vec::with_capacity(lines.len() / 16 + 64);
    // It fills what there is room for. Data that are whole from the start give it no reason to fail.
    while let Ok(Status::Ok | Status::BufError) =
        encoder.compress_vec(&lines[encoder.total_in() as usize..], &mut packed, FlushCompress::Finish)
    {
        packed.reserve(packed.capacity());
    }
    packed
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    let mut crc = Crc::new();
    crc.update(kind);
    crc.update(data);
    file.extend_from_slice(&(data.len() as u32).to_be_bytes());
    file.extend_from_slice(kind);
    file.extend_from_slice(data);
    file.extend_from_slice(&crc.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::png;

    #[test]
    fn the_chunks_are_in_order_with_their_lengths() {
        let file = png(2, 1, &[255, 0, 0, 0, 0, 255]);
        assert_eq!(file[..8], *b"\x89PNG\r\n\x1a\n");
        let (mut rest, mut kinds) = (&file[8..], Vec::new());
        while let Some((length, after)) = rest.split_at_checked(4) {
            let length = u32::from_be_bytes(length.try_into().unwrap()) as usize;
            kinds.push(String::from_utf8_lossy(&after[..4]).into_owned());
            rest = &after[4 + length + 4..];
        }
        assert_eq!(kinds, ["IHDR", "IDAT", "IEND"]);
        // The end of every PNG file, with its checksum.
        assert_eq!(file[file.len() - 8..], *b"IEND\xae\x42\x60\x82");
    }
}
