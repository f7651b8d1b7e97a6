package dev.graft.weights;

/**
 * How a weight file is read.
 *
 * @param access whether its bytes are copied or mapped
 * @param maxHeaderBytes most bytes that the header of one file may take, 1 or more
 * @param maxRatio most bytes that one compressed byte may expand to, where the entry is larger than
 *     1 MiB
 */
public record ReadOptions(Access access, long maxHeaderBytes, int maxRatio) {

  /** How the bytes of a file come into memory. */
  public enum Access {
    /** Copied below 64 MiB, mapped from there on. */
    AUTO,
    /**
     * Read into the heap once. The choice for folders that others can write to: nothing that
     * happens to the file afterwards is seen.
     */
    COPY,
    /**
     * Mapped: pages are read when touched, shared with other processes, and released when the
     * weights are no longer reachable. If another process cuts the file short meanwhile, touching a
     * lost page ends this JVM.
     */
    MAP
  }

  static final ReadOptions DEFAULT = new ReadOptions(Access.AUTO, 100_000_000, 200);

  public ReadOptions {
    if (maxHeaderBytes < 1 || maxRatio < 1) {
      throw new IllegalArgumentException(
          "limits of %d header bytes and ratio %d; both must be 1 or more"
              .formatted(maxHeaderBytes, maxRatio));
    }
  }

  /** Copied below 64 MiB, headers up to 100 MB, expansion up to 200 times. */
  public static ReadOptions defaults() {
    return DEFAULT;
  }

  /** The same limits with another access. */
  public ReadOptions with(Access other) {
    return new ReadOptions(other, maxHeaderBytes, maxRatio);
  }
}
