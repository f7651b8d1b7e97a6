package dev.graft.spi;

import dev.graft.data.DataParts;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Reads one form of data folder. */
public interface DataSource extends Plugin {

  /** True if the folder (or file) looks like this form; cheap, opens little. */
  boolean recognises(Path path) throws IOException;

  /** Settings it understands. */
  default List<Setting> settings() {
    return List.of();
  }

  /**
   * Opens the folder; examples are decoded later, on demand.
   *
   * @throws IOException if it cannot be read; the message says what was found and what is expected
   */
  DataParts open(Path path, Settings settings) throws IOException;
}
