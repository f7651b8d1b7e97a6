package dev.graft.server.jobs;

import dev.graft.train.EventLog;
import dev.graft.train.TrainEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the events of a run as they come, from its beginning. Lines that have no end yet wait for
 * it. For one thread at a time.
 */
public final class EventTail {

  private static final int CHUNK = 1 << 16;

  private final Path file;
  private long position;
  private long number;

  EventTail(Path file) {
    this.file = file;
  }

  /**
   * An event.
   *
   * @param number from 0
   * @param event what happened
   */
  public record Numbered(long number, TrainEvent event) {}

  /**
   * The next events, about as many as fit into 64 KiB of the log; empty if there are none now.
   *
   * @throws IOException if the log cannot be read or holds something else
   */
  public List<Numbered> next() throws IOException {
    List<Numbered> events = new ArrayList<>();
    if (!Files.exists(file)) {
      return events;
    }
    byte[] lines = wholeLines();
    position += lines.length;
    for (String line : new String(lines, StandardCharsets.UTF_8).split("\n")) {
      if (!line.isEmpty()) {
        events.add(new Numbered(number++, EventLog.parse(line)));
      }
    }
    return events;
  }

  /** Bytes up to the last end of a line; at least one line where there is one. */
  private byte[] wholeLines() throws IOException {
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
      while (channel.read(chunk.clear(), position + read.size()) > 0) {
        read.write(chunk.array(), 0, chunk.position());
        byte[] all = read.toByteArray();
        for (int end = all.length; end > 0; end--) {
          if (all[end - 1] == '\n') {
            return java.util.Arrays.copyOf(all, end);
          }
        }
      }
    }
    return new byte[0];
  }
}
