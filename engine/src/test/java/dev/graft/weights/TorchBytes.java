package dev.graft.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Assembles PyTorch checkpoints around a pickle. */
final class TorchBytes {

  private TorchBytes() {}

  /** A zip checkpoint with these float storages. */
  static byte[] zip(byte[] pickle, Map<String, float[]> storages) {
    return archive(pickle, storages).bytes();
  }

  static ZipBytes archive(byte[] pickle, Map<String, float[]> storages) {
    ZipBytes zip = new ZipBytes();
    zip.store("archive/data.pkl", pickle);
    storages.forEach((key, values) -> zip.store("archive/data/" + key, floats(values)));
    zip.store("archive/version", new byte[] {'3', '\n'});
    return zip;
  }

  /** A legacy checkpoint with these float storages. */
  static byte[] legacy(byte[] pickle, Map<String, float[]> storages) {
    PickleBytes file =
        new PickleBytes()
            .raw(
                PickleBytes.protocol2()
                    .raw(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19)
                    .stop())
            .raw(PickleBytes.protocol2().number(1001).stop())
            .raw(PickleBytes.protocol2().op('}').text("little_endian").raw(0x88).op('s').stop())
            .raw(pickle);
    PickleBytes keys = PickleBytes.protocol2().ops("](");
    storages.keySet().forEach(keys::text);
    file.raw(keys.op('e').stop());
    storages
        .values()
        .forEach(
            values -> {
              ByteBuffer count = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
              file.raw(count.putLong(values.length).array()).raw(floats(values));
            });
    byte[] withStop = file.stop();
    return Arrays.copyOf(withStop, withStop.length - 1);
  }

  /** A state dict with a matrix {@code w}, its transpose {@code t} and a bias {@code b}. */
  static byte[] stateDict(boolean legacy) {
    PickleBytes p = PickleBytes.protocol2();
    Runnable matrix = () -> storage(p, legacy, "0", 6);
    Runnable bias = () -> storage(p, legacy, "1", 3);
    p.emptyOrderedDict().op('(');
    p.text("w").tensor(matrix, 0, new long[] {2, 3}, new long[] {3, 1});
    p.text("t").tensor(matrix, 0, new long[] {3, 2}, new long[] {1, 3});
    p.text("b").tensor(bias, 1, new long[] {2}, new long[] {1});
    return p.op('u').stop();
  }

  static Map<String, float[]> storages() {
    Map<String, float[]> storages = new LinkedHashMap<>();
    storages.put("0", new float[] {1, 2, 3, 4, 5, 6});
    storages.put("1", new float[] {7, 8, 9});
    return storages;
  }

  private static void storage(PickleBytes p, boolean legacy, String key, long count) {
    PickleBytes pushed =
        legacy ? p.legacyStorage(key, count) : p.storage("FloatStorage", key, count);
    assert pushed == p;
  }

  private static byte[] floats(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }
}
