package dev.graft.weights;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.graft.tensor.HostTensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Right files of every format, changed in ways that know the format, are read or refused: nothing
 * but a {@link WeightFormatException} is thrown, and no read allocates more than twice the file.
 *
 * <p>The number of changed files is the system property {@code graft.mutations}; the changes follow
 * from a fixed seed. A failure prints the file.
 */
class WeightMutationTest {

  private static final int COUNT = Integer.getInteger("graft.mutations", 20_000);

  /** What a reader needs besides the file's content: parser buffers, small objects, messages. */
  private static final long OVERHEAD = 64 << 10;

  /** What compressed entries may expand to whatever the size of their file. */
  private static final long FREE_EXPANSION = 1 << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Random random = new Random(20240229);
  private final Map<WeightFormatException.Reason, Integer> refused =
      new EnumMap<>(WeightFormatException.Reason.class);
  private int accepted;
  private long worst = Long.MIN_VALUE;

  @TempDir private Path temp;

  @Test
  void changedFilesAreReadOrRefused() throws IOException {
    List<Mutations> seeds = seeds();
    for (int i = 0; i < COUNT; i++) {
      Mutations seed = seeds.get(i % seeds.size());
      byte[] file = seed.next(random);
      long allowed = OVERHEAD + (seed.compressed() ? FREE_EXPANSION : 0);
      try {
        long beyond = read(file);
        if (beyond > allowed) {
          // The first time round a class may have been loaded, which allocates too.
          beyond = read(file);
        }
        assertTrue(beyond <= allowed, beyond + " bytes beyond twice the file");
        worst = Math.max(worst, seed.compressed() ? 0 : beyond);
      } catch (RuntimeException | Error e) {
        fail("mutation %d: %s".formatted(i, Base64.getEncoder().encodeToString(file)), e);
      }
    }
    System.getLogger(WeightMutationTest.class.getName())
        .log(
            System.Logger.Level.INFO,
            "{0} mutations, {1} read, refused {2}; at most {3} bytes beyond twice the file"
                + " where nothing is compressed",
            COUNT,
            accepted,
            refused,
            worst);
    // A test of the test: both outcomes occur, and the refusals are of many kinds.
    assertTrue(accepted > COUNT / 100, "only " + accepted + " were read");
    assertTrue(refused.size() > 10, "only refused as " + refused.keySet());
  }

  /**
   * Opens the file and reads every tensor.
   *
   * @return the bytes that one of these steps allocated beyond twice the file, at most
   */
  private long read(byte[] file) {
    FileBytes bytes = FileBytes.of(file);
    long most = 0;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    try {
      Weights weights = WeightFiles.read(bytes, ReadOptions.defaults(), "x.safetensors");
      most = THREADS.getCurrentThreadAllocatedBytes() - before;
      for (String name : weights.names()) {
        before = THREADS.getCurrentThreadAllocatedBytes();
        HostTensor tensor = weights.get(name);
        assertTrue(tensor.data().remaining() == tensor.count() * tensor.dtype().bytes(), name);
        most = Math.max(most, THREADS.getCurrentThreadAllocatedBytes() - before);
      }
      accepted++;
    } catch (WeightFormatException e) {
      most = Math.max(most, THREADS.getCurrentThreadAllocatedBytes() - before);
      refused.merge(e.reason(), 1, Integer::sum);
    }
    return most - 2L * file.length;
  }

  private List<Mutations> seeds() throws IOException {
    Path safetensors = temp.resolve("w.safetensors");
    Weights.of(tensors(), Map.of("made", "here")).save(safetensors);
    byte[] pickle = TorchBytes.stateDict(false);
    byte[] legacy = TorchBytes.stateDict(true);
    byte[] array =
        NumpyFilesTest.npy(
            1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), } \n", new byte[24]);
    ZipBytes stored = new ZipBytes();
    ZipBytes packed = new ZipBytes().zip64();
    for (String name : List.of("a.npy", "b.npy")) {
      stored.store(name, array);
      packed.deflate(name, array);
    }
    return List.of(
        new Mutations(Files.readAllBytes(safetensors), false, bytes -> bytes),
        new Mutations(
            headerOf(Files.readAllBytes(safetensors)), false, WeightMutationTest::withHeader),
        new Mutations(TorchBytes.zip(pickle, TorchBytes.storages()), false, bytes -> bytes),
        new Mutations(pickle, false, bytes -> TorchBytes.zip(bytes, TorchBytes.storages())),
        new Mutations(TorchBytes.legacy(legacy, TorchBytes.storages()), false, bytes -> bytes),
        new Mutations(legacy, false, bytes -> TorchBytes.legacy(bytes, TorchBytes.storages())),
        new Mutations(array, false, bytes -> bytes),
        new Mutations(stored.bytes(), false, bytes -> bytes),
        new Mutations(packed.bytes(), true, bytes -> bytes),
        new Mutations(array, true, WeightMutationTest::inArchive));
  }

  private static byte[] headerOf(byte[] file) {
    return Arrays.copyOfRange(file, 8, 8 + file[0] + ((file[1] & 0xFF) << 8));
  }

  /** The length is made right again, so that changes of the header get past it. */
  private static byte[] withHeader(byte[] header) {
    return SafetensorsFiles.file(header, new byte[61]);
  }

  private static byte[] inArchive(byte[] array) {
    ZipBytes zip = new ZipBytes();
    ZipBytes.Item item = zip.deflate("a.npy", array);
    assert item.size == array.length;
    return zip.bytes();
  }

  private static Map<String, HostTensor> tensors() {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    tensors.put("conv.weight", HostTensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    tensors.put("conv.bias", HostTensor.of(new float[] {1, 2}, 2));
    tensors.put("steps", HostTensor.of(new long[] {1, 2}, 2));
    tensors.put("empty", HostTensor.of(new float[0], 0, 2));
    tensors.put("flags", HostTensor.of(new byte[] {1, 0, 1, 1, 0}, 5));
    tensors.put("scale", HostTensor.scalar(2L));
    return tensors;
  }
}
