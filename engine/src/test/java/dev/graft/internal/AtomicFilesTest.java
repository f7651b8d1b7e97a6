package dev.graft.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {

  @TempDir private Path temp;

  @Test
  void aFileIsReplacedWhole() throws IOException {
    Path file = Files.writeString(temp.resolve("f"), "old");
    AtomicFiles.write(file, "new".getBytes(StandardCharsets.UTF_8));
    assertEquals("new", Files.readString(file));
    assertEquals(List.of("f"), names());
  }

  @Test
  void aFailureLeavesTheOldFileAndNoTrace() throws IOException {
    Path file = Files.writeString(temp.resolve("f"), "old");
    assertThrows(
        IOException.class,
        () ->
            AtomicFiles.write(
                file,
                temporary -> {
                  Files.writeString(temporary, "half");
                  throw new IOException("disk full");
                }));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("f"), names());
  }

  @Test
  void whileItIsWrittenTheContentLiesBesideTheTarget() throws IOException {
    Path file = temp.resolve("deep/f");
    AtomicFiles.write(
        file,
        temporary -> {
          assertEquals(file.getParent(), temporary.getParent());
          assertFalse(Files.exists(file));
          Files.writeString(temporary, "x");
        });
    assertTrue(Files.exists(file));
  }

  @Test
  void aFolderAppearsWhole() throws IOException {
    Path folder = temp.resolve("d");
    AtomicFiles.writeFolder(
        folder,
        temporary -> {
          assertFalse(Files.exists(folder));
          Files.writeString(Files.createDirectories(temporary.resolve("a/b")).resolve("c"), "x");
        });
    assertEquals("x", Files.readString(folder.resolve("a/b/c")));
    assertEquals(List.of("d"), names());
  }

  @Test
  void aFailureLeavesNoFolder() throws IOException {
    assertThrows(
        IOException.class,
        () ->
            AtomicFiles.writeFolder(
                temp.resolve("d"),
                temporary -> {
                  Files.writeString(temporary.resolve("half"), "x");
                  throw new IOException("disk full");
                }));
    assertEquals(List.of(), names());
  }

  @Test
  void aFolderIsNeverReplaced() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("d"));
    assertThrows(
        FileAlreadyExistsException.class, () -> AtomicFiles.writeFolder(folder, temporary -> {}));
  }

  @Test
  void deletingDoesNotFollowLinks() throws IOException {
    Path kept = Files.writeString(Files.createDirectory(temp.resolve("kept")).resolve("f"), "x");
    Path doomed = Files.createDirectory(temp.resolve("doomed"));
    Files.createSymbolicLink(doomed.resolve("link"), kept.getParent());
    AtomicFiles.deleteAll(doomed);
    assertTrue(Files.exists(kept));
    assertFalse(Files.exists(doomed));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(temp)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
