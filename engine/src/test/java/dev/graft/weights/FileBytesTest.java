package dev.graft.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.weights.ReadOptions.Access;
import dev.graft.weights.WeightFormatException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileBytesTest {

  private static final int SIZE = 103;

  @TempDir private Path temp;

  /** With segments of 10 bytes every kind of crossing occurs; all ranges are tried. */
  @ParameterizedTest
  @EnumSource(Access.class)
  void everyRangeOfASegmentedFile(Access access) throws IOException {
    FileBytes file = FileBytes.open(counting(), access, 10);
    for (int from = 0; from <= SIZE; from++) {
      for (int length = 0; length <= SIZE - from; length++) {
        ByteBuffer slice = file.slice(from, length);
        assertEquals(length, slice.remaining());
        for (int i = 0; i < length; i++) {
          assertEquals(from + i, slice.get(i));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Access.class)
  void aRangeOutsideTheFileIsRefused(Access access) throws IOException {
    FileBytes file = FileBytes.open(counting(), access);
    long[][] ranges = {
      {0, SIZE + 1},
      {SIZE, 1},
      {-1, 1},
      {0, -1},
      {Long.MAX_VALUE, 1},
      {1, Long.MAX_VALUE},
      {Long.MAX_VALUE, Long.MAX_VALUE}
    };
    for (long[] range : ranges) {
      WeightFormatException e =
          assertThrows(WeightFormatException.class, () -> file.slice(range[0], range[1]));
      assertEquals(Reason.TRUNCATED, e.reason());
    }
  }

  @Test
  void aCopyDoesNotSeeLaterChanges() throws IOException {
    Path path = counting();
    FileBytes file = FileBytes.open(path, Access.COPY);
    Files.write(path, new byte[0]);
    assertEquals(5, file.slice(5, 1).get(0));
  }

  @Test
  void slicesAreReadOnly() throws IOException {
    for (Access access : Access.values()) {
      assertTrue(FileBytes.open(counting(), access).slice(0, 4).isReadOnly());
    }
  }

  @Test
  void aFolderIsNoFile() {
    assertThrows(IOException.class, () -> FileBytes.open(temp, Access.AUTO));
  }

  private Path counting() throws IOException {
    byte[] bytes = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      bytes[i] = (byte) i;
    }
    return Files.write(temp.resolve("bytes"), bytes);
  }
}
