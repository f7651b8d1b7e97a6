package dev.graft.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;

/**
 * The books of native memory: how much the live tensors of this process hold, and a soft limit.
 *
 * <p>Counted is every piece of CPU memory that a {@link dev.graft.tensor.Tensor} of ours points
 * into, once, however many tensors share it. What LibTorch keeps for itself (a gradient graph after
 * its tensors are closed, work space of a convolution) is not; {@link Usage#resident} has it all.
 * Any thread may call.
 */
public final class NativeMemory {

  private static final Path STATUS = Path.of("/proc/self/status");

  /** By the address where the memory begins. */
  private static final ConcurrentHashMap<Long, Block> BLOCKS = new ConcurrentHashMap<>();

  private static final AtomicLong LIVE = new AtomicLong();
  private static final AtomicLong PEAK = new AtomicLong();
  private static volatile long limit = Long.MAX_VALUE;

  private NativeMemory() {}

  /** A piece of memory and how many of our tensors point into it. */
  private record Block(long bytes, int tensors) {
    Block plus(int change) {
      return new Block(bytes, tensors + change);
    }
  }

  /**
   * A reading of the books.
   *
   * @param tensors tensors that are not closed
   * @param live bytes they hold
   * @param peak largest value of {@code live} since the start or {@link #resetPeak()}
   * @param resident bytes of physical memory the whole process holds; 0 where the system does not
   *     tell
   */
  public record Usage(long tensors, long live, long peak, long resident) {
    @Override
    public String toString() {
      return "%d live tensors hold %s, at most %s so far, process %s"
          .formatted(tensors, bytes(live), bytes(peak), bytes(resident));
    }
  }

  /** The present reading. */
  public static Usage usage() {
    return new Usage(Scope.liveTensors(), LIVE.get(), PEAK.get(), resident());
  }

  /** Starts the search for the peak again from what is live now. */
  public static void resetPeak() {
    PEAK.set(LIVE.get());
  }

  /**
   * Limits the bytes that live tensors may hold. Beyond it a new tensor is refused with {@link
   * OutOfNativeMemoryException}: where its size is known beforehand, before it is allocated; the
   * result of an operation is freed again.
   *
   * @param bytes more than 0; {@link Long#MAX_VALUE} for no limit
   */
  public static void setLimit(long bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException(
          "limit of %d bytes; give a positive number, Long.MAX_VALUE for none".formatted(bytes));
    }
    limit = bytes;
  }

  /** The limit in bytes; {@link Long#MAX_VALUE} for none. */
  public static long limit() {
    return limit;
  }

  /** Refuses an allocation that would go beyond the limit. */
  static void require(long bytes) {
    long allowed = limit;
    if (allowed != Long.MAX_VALUE && bytes > allowed - LIVE.get()) {
      throw refusal(bytes);
    }
  }

  /**
   * Enters a tensor.
   *
   * @return the key to {@link #leave} with; 0 where there is nothing to count
   */
  static long enter(Tensor handle) {
    long key = Runtime.hasKernels() ? Kernels.memoryAddress(handle.address()) : address(handle);
    if (key == 0) {
      return 0;
    }
    BLOCKS.compute(key, (k, block) -> block == null ? open(handle) : block.plus(1));
    if (LIVE.get() > limit) {
      long bytes = handle.nbytes();
      leave(key);
      throw refusal(bytes);
    }
    return key;
  }

  /** Where the memory begins that a CPU tensor points into; 0 where there is none. */
  private static long address(Tensor handle) {
    if (!handle.has_storage() || handle.is_cuda()) {
      return 0;
    }
    Pointer first = handle.data_ptr();
    return first == null ? 0 : first.address() - handle.storage_offset() * handle.itemsize();
  }

  private static Block open(Tensor handle) {
    long bytes =
        Runtime.hasKernels() ? Kernels.memorySize(handle.address()) : handle.storage().nbytes();
    long live = LIVE.addAndGet(bytes);
    if (live > PEAK.get()) {
      PEAK.accumulateAndGet(live, Math::max);
    }
    return new Block(bytes, 1);
  }

  static void leave(long key) {
    if (key != 0) {
      BLOCKS.computeIfPresent(
          key, (k, block) -> block.tensors() == 1 ? freed(block) : block.plus(-1));
    }
  }

  private static Block freed(Block block) {
    LIVE.addAndGet(-block.bytes());
    return null;
  }

  private static OutOfNativeMemoryException refusal(long bytes) {
    return new OutOfNativeMemoryException(
        ("a tensor of %s does not fit: %s, allowed are %s; use a smaller batch, close scopes"
                + " earlier or raise -D%s")
            .formatted(bytes(bytes), usage(), bytes(limit), Runtime.MEMORY_LIMIT),
        null);
  }

  private static long resident() {
    try {
      Matcher matcher = Pattern.compile("VmRSS:\\s*(\\d+) kB").matcher(Files.readString(STATUS));
      return matcher.find() ? Long.parseLong(matcher.group(1)) * 1024 : 0;
    } catch (IOException e) {
      return 0; // not Linux
    }
  }

  /** Reads {@code 4g}, {@code 512m}, {@code 100000}; no limit where the text is null. */
  static long parse(String text) {
    if (text == null) {
      return Long.MAX_VALUE;
    }
    Matcher matcher = Pattern.compile("(\\d{1,12})([kmg]?)").matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
      throw new IllegalStateException(
          "-D%s=%s is no size; write a number above 0, with k, m or g behind it if you like"
              .formatted(Runtime.MEMORY_LIMIT, text));
    }
    long unit =
        switch (matcher.group(2)) {
          case "k" -> 1L << 10;
          case "m" -> 1L << 20;
          case "g" -> 1L << 30;
          default -> 1;
        };
    long count = Long.parseLong(matcher.group(1));
    return count > Long.MAX_VALUE / unit ? Long.MAX_VALUE : count * unit;
  }

  private static String bytes(long count) {
    if (count < 10_000) {
      return count + " B";
    }
    return count < 10_000_000
        ? count / 1000 + " kB"
        : String.format(Locale.ROOT, "%.1f MB", count / 1e6);
  }
}
