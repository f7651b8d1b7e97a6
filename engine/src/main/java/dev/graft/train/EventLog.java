package dev.graft.train;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes events to a file, one JSON object per line, each flushed as it happens; a resumed run
 * appends. Readers ignore a last line without its end.
 */
public final class EventLog implements TrainListener, AutoCloseable {

  private final JsonMapper mapper = JsonMapper.builder().build();
  private final Writer writer;

  /** A log at the given file, which is made or appended to. */
  public EventLog(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    writer =
        Files.newBufferedWriter(
            file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Override
  public void on(TrainEvent event) {
    try {
      writer.write(mapper.writerFor(TrainEvent.class).writeValueAsString(event));
      writer.write('\n');
      writer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the event log cannot be written", e);
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
