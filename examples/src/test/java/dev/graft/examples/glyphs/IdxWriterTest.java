package dev.graft.examples.glyphs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxWriterTest {
  @TempDir Path folder;

  @Test
  void imagesReadBack() throws IOException {
    Path file = folder.resolve("images.gz");
    IdxWriter.images(
        file, List.of(new byte[] {1, 2, 3, 4, 5, 6}, new byte[] {-1, 0, 9, 8, 7, 6}), 2, 3);
    IdxFile read = IdxFile.read(file);
    assertArrayEquals(new int[] {2, 2, 3}, read.shape());
    assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, -1, 0, 9, 8, 7, 6}, read.values());
  }

  @Test
  void labelsReadBack() throws IOException {
    Path file = folder.resolve("labels.gz");
    IdxWriter.labels(file, List.of(0, 14, 255));
    IdxFile read = IdxFile.read(file);
    assertArrayEquals(new int[] {3}, read.shape());
    assertArrayEquals(new byte[] {0, 14, (byte) 255}, read.values());
  }

  @Test
  void theSameValuesGiveTheSameFile() throws IOException {
    Path one = folder.resolve("one.gz");
    Path two = folder.resolve("two.gz");
    IdxWriter.labels(one, List.of(3, 1, 2));
    IdxWriter.labels(two, List.of(3, 1, 2));
    assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
  }

  @Test
  void refusesAnImageOfAnotherSize() {
    Path file = folder.resolve("images.gz");
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> IdxWriter.images(file, List.of(new byte[5]), 2, 3));
    assertTrue(e.getMessage().contains("Image of 5 bytes"));
  }

  @Test
  void refusesALabelAboveAByte() {
    Path file = folder.resolve("labels.gz");
    assertThrows(IllegalArgumentException.class, () -> IdxWriter.labels(file, List.of(256)));
  }
}
