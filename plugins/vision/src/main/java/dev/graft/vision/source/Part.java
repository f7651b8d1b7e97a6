package dev.graft.vision.source;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.vision.preprocessing.ImageModality;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A part of a data set, by the names that folders and files carry. */
enum Part {
  TRAINING,
  VALIDATION,
  TEST;

  /** All names, for error messages. */
  static final String KNOWN = "train, training; val, valid, validation, dev; test, testing, t10k";

  /** The part of this name, in any case. */
  static Optional<Part> of(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "train", "training" -> Optional.of(TRAINING);
      case "val", "valid", "validation", "dev" -> Optional.of(VALIDATION);
      case "test", "testing", "t10k" -> Optional.of(TEST);
      default -> Optional.empty();
    };
  }

  /**
   * Refuses a source without a part to train on.
   *
   * @param found what it has
   */
  static void requireTraining(Path source, Collection<Part> found) throws IOException {
    if (!found.contains(TRAINING)) {
      throw new IOException(
          "'%s' has nothing to train on, only %s; names of parts are %s"
              .formatted(source, found, KNOWN));
    }
  }

  /** The parts of a source that has one to train on. */
  static DataParts join(Map<Part, ? extends Dataset> parts) {
    return new DataParts(
        ImageModality.ID,
        parts.get(TRAINING),
        Optional.ofNullable(parts.get(VALIDATION)),
        Optional.ofNullable(parts.get(TEST)));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
