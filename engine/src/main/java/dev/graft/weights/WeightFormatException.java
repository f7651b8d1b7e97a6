package dev.graft.weights;

/**
 * A weight file that breaks a rule of its format, or that asks for more than data. The message
 * gives what was found, what is allowed and the next step; {@link #reason()} is for programs.
 */
public final class WeightFormatException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Every way in which a weight file can be wrong. */
  public enum Reason {
    /** Neither safetensors nor PyTorch nor NumPy. */
    UNKNOWN_FORMAT,
    /** The file ends before its content does. */
    TRUNCATED,
    /** Bytes after the last tensor: the file could be something else at the same time. */
    TRAILING_BYTES,
    /** The header is larger than a file of this size may have. */
    HEADER_TOO_LARGE,
    /** A header or name is not UTF-8. */
    NOT_UTF8,
    /** A header is not the JSON object or literal that it must be. */
    BAD_HEADER,
    /** A name occurs twice. */
    DUPLICATE_NAME,
    /** Metadata are not strings by name. */
    BAD_METADATA,
    /** A number is not a plain non-negative integer in range. */
    BAD_NUMBER,
    /** An element type that is not read. */
    UNKNOWN_TYPE,
    /** Negative sizes, too many dimensions, or a product beyond 63 bits. */
    BAD_SHAPE,
    /** Tensors overlap, leave a hole or end before they begin. */
    BAD_OFFSETS,
    /** A tensor's bytes are not what its shape and type need. */
    SIZE_MISMATCH,
    /** A view reaches beyond its storage or repeats it beyond the size of its file. */
    BAD_VIEW,
    /** One tensor above 2 GiB. */
    TENSOR_TOO_LARGE,
    /** An archive whose directory and entries disagree. */
    BAD_ARCHIVE,
    /** A name that is absolute, climbs, or is a link. */
    UNSAFE_NAME,
    /** An archive entry that expands too far. */
    COMPRESSION_RATIO,
    /** Pickle data that do not fit together. */
    BAD_PICKLE,
    /** A pickle instruction that is not on the list of allowed ones. */
    FORBIDDEN_OPCODE,
    /** A class or function that is not on the list of allowed ones. */
    FORBIDDEN_GLOBAL,
    /** A program in place of data, for example TorchScript. */
    PROGRAM,
    /** Nothing in the file is a map of names to tensors, or more than one thing is. */
    NO_STATE_DICT,
    /** An index that names a file which is not there, or a tensor which is not in its file. */
    BAD_INDEX
  }

  private final Reason reason;

  WeightFormatException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  WeightFormatException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** What kind of rule was broken. */
  public Reason reason() {
    return reason;
  }

  /** The same failure with the place where it was met in front. */
  WeightFormatException in(Object place) {
    WeightFormatException located =
        new WeightFormatException(reason, place + ": " + getMessage(), getCause());
    located.setStackTrace(getStackTrace());
    return located;
  }
}
