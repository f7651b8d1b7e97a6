package dev.graft.weights;

import dev.graft.tensor.HostTensor;
import dev.graft.weights.SafetensorsHeader.Entry;
import dev.graft.weights.WeightFormatException.Reason;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the safetensors format: a little-endian 64-bit length, that many bytes of JSON, then the
 * tensors' bytes.
 *
 * <p>Every rule is checked before a tensor is handed out, so the views given out later need no
 * further check. The rules are those of the reference implementation (huggingface/safetensors,
 * {@code tensor.rs}), with a header limit that grows with the file.
 */
final class Safetensors {

  private static final int PREFIX = 8;

  /** A header up to this size is allowed in any file: small adapters are mostly header. */
  private static final long FREE_HEADER_BYTES = 1 << 20;

  private Safetensors() {}

  /** True if the bytes could be such a file: the ninth one opens a JSON object. */
  static boolean recognises(FileBytes file) {
    return file.size() > PREFIX && file.slice(PREFIX, 1).get(0) == '{';
  }

  static Weights read(FileBytes file, ReadOptions options) {
    long headerBytes = headerBytes(file, options);
    byte[] json = new byte[(int) headerBytes];
    file.slice(PREFIX, headerBytes).get(json);
    if (json.length == 0 || json[0] != '{') {
      throw new WeightFormatException(
          Reason.BAD_HEADER, "the header does not begin with '{'; this is no safetensors file");
    }
    SafetensorsHeader header = SafetensorsHeader.parse(json);
    long dataStart = PREFIX + headerBytes;
    header.checkLayout(file.size() - dataStart);

    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    header.entries().forEach((name, entry) -> tensors.put(name, tensor(file, dataStart, entry)));
    return new Weights(tensors, header.metadata());
  }

  private static StoredTensor tensor(FileBytes file, long dataStart, Entry entry) {
    long length = HostTensor.byteSize(entry.dtype(), entry.shape());
    return new StoredTensor(
        entry.dtype(), entry.shape(), () -> file.slice(dataStart + entry.begin(), length));
  }

  private static long headerBytes(FileBytes file, ReadOptions options) {
    if (file.size() < PREFIX) {
      throw new WeightFormatException(
          Reason.TRUNCATED,
          "the file has %d bytes; a safetensors file has at least %d"
              .formatted(file.size(), PREFIX));
    }
    long length = file.slice(0, PREFIX).getLong();
    long limit = Math.min(options.maxHeaderBytes(), Math.max(FREE_HEADER_BYTES, file.size() / 4));
    // A negative length is one above 2^63.
    if (length < 0 || length > limit) {
      throw new WeightFormatException(
          Reason.HEADER_TOO_LARGE,
          "the header claims %s bytes; a file of %d bytes may have a header of %d"
              .formatted(Long.toUnsignedString(length), file.size(), limit));
    }
    if (length > file.size() - PREFIX) {
      throw new WeightFormatException(
          Reason.TRUNCATED,
          "the header claims %d bytes, but the file ends after %d; fetch it again"
              .formatted(length, file.size()));
    }
    return length;
  }
}
