package dev.graft.data;

import java.io.IOException;
import java.util.Optional;

/** Small files that stand beside a model and belong to its preprocessing: vocabularies, rules. */
@FunctionalInterface
public interface SideFiles {

  /** No files. */
  SideFiles NONE = name -> Optional.empty();

  /**
   * All bytes of a file, or empty where there is none.
   *
   * @param name a plain name, for example {@code tokenizer.json}
   * @throws IOException if it is there but cannot be read
   */
  Optional<byte[]> read(String name) throws IOException;
}
