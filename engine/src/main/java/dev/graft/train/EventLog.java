package dev.graft.train;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Events in a file, one JSON object per line, each flushed as it happens; a resumed run appends. A
 * last line without its end is what a killed run was about to write: readers ignore it, and the
 * resumed run cuts it off.
 */
public final class EventLog implements TrainListener, AutoCloseable {

  /** Name of the log in a run folder. */
  public static final String FILE = "events.jsonl";

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Writer writer;

  /** A log at the given file, which is made or appended to. */
  public EventLog(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    cutTornLine(file);
    writer =
        Files.newBufferedWriter(
            file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static void cutTornLine(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      long end = channel.size();
      while (end > 0) {
        if (channel.read(last.clear(), end - 1) == 1 && last.get(0) == '\n') {
          break;
        }
        end--;
      }
      var unused = channel.truncate(end);
    }
  }

  /**
   * The event in a line of a log.
   *
   * @throws IOException if it is none
   */
  public static TrainEvent parse(String line) throws IOException {
    return MAPPER.readValue(line, TrainEvent.class);
  }

  @Override
  public void on(TrainEvent event) {
    try {
      writer.write(MAPPER.writerFor(TrainEvent.class).writeValueAsString(event));
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
