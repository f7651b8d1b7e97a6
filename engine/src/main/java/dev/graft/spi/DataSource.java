package dev.graft.spi;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
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

  /**
   * Opens a folder that goes with a labelled one of this form: what that one says about columns and
   * classes holds here too.
   *
   * @throws IOException if it cannot be read, or does not fit
   */
  default DataParts openBeside(Path path, Path labelled, Settings settings) throws IOException {
    return open(path, settings);
  }

  /**
   * Opens examples that go with a labelled folder of this form and whose labels nobody asks for;
   * forms in which they may be missing override this.
   *
   * @throws IOException if they cannot be read, or do not fit
   */
  default Dataset openUnlabelled(Path path, Path labelled, Settings settings) throws IOException {
    return openBeside(path, labelled, settings).training().withoutTargets();
  }
}
