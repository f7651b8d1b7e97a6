package dev.graft.vision.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.plan.Settings;
import dev.graft.vision.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzSourceTest {

  private static final byte[] TWO_GRAY = SampleFolders.npy("|u1", "2, 1, 2", 1, 2, 3, 4);
  private static final byte[] TWO_LABELS = SampleFolders.npy("|u1", "2,", 1, 0);

  private final NpzSource source = new NpzSource();

  @TempDir Path folder;

  private DataParts open(Map<String, byte[]> arrays) throws IOException {
    return source.open(SampleFolders.npz(folder.resolve("x.npz"), arrays), Settings.NONE);
  }

  private void assertRefused(Map<String, byte[]> arrays, String... words) {
    IOException e = assertThrows(IOException.class, () -> open(arrays));
    for (String word : words) {
      assertTrue(e.getMessage().contains(word), e.getMessage());
    }
  }

  @Test
  void partsAreReadByMedMnistsNames() throws IOException {
    Path file = SampleFolders.npz(folder);
    assertTrue(source.recognises(file) && source.recognises(folder));
    DataParts parts = source.open(folder, Settings.NONE);
    Dataset training = parts.training();
    assertEquals(List.of("0", "1"), training.classes());
    assertEquals("training/2", training.id(2));
    assertEquals(1, training.target(2));
    assertEquals(new Image(2, 1, 1, new byte[] {5, 6}), Image.of(training.load(2).get("image")));
    assertEquals(1, parts.test().orElseThrow().size());
    assertTrue(parts.validation().isEmpty());
    Files.writeString(folder.resolve("classes.txt"), "normal\nill\n");
    assertEquals(List.of("normal", "ill"), source.open(file, Settings.NONE).training().classes());
  }

  @Test
  void otherUsualNamesAreRead() throws IOException {
    DataParts keras =
        open(
            Map.of(
                "x_train", TWO_GRAY,
                "y_train", SampleFolders.npy("<i4", "2,", 1, 0, 0, 0, 0, 0, 0, 0),
                "x_test", TWO_GRAY,
                "y_test", TWO_LABELS));
    assertEquals(1, keras.training().target(0));
    assertEquals(2, keras.test().orElseThrow().size());
    byte[] color = SampleFolders.npy("|u1", "2, 1, 1, 3", 1, 2, 3, 4, 5, 6);
    Dataset plain = open(Map.of("images", color, "labels", TWO_LABELS)).training();
    assertEquals(new Image(1, 1, 3, new byte[] {4, 5, 6}), Image.of(plain.load(1).get("image")));
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertRefused(Map.of("a", TWO_GRAY, "b", TWO_LABELS), "[a, b]", "train_images");
    assertRefused(Map.of("train_images", TWO_GRAY), "[train_images]", "train_labels");
    assertRefused(
        Map.of("test_images", TWO_GRAY, "test_labels", TWO_LABELS), "nothing to train on");
    assertRefused(
        Map.of("images", TWO_GRAY, "labels", SampleFolders.npy("|u1", "2, 2", 1, 0, 0, 1)),
        "UINT8[2, 2]",
        "one class per image");
    assertRefused(
        Map.of("images", SampleFolders.npy("|i1", "2, 1, 1", 1, 2), "labels", TWO_LABELS),
        "INT8[2, 1, 1]");
    assertRefused(
        Map.of("images", SampleFolders.npy("|u1", "2, 1, 1, 2", 1, 2, 3, 4), "labels", TWO_LABELS),
        "(N, H, W, 3)");
    assertRefused(
        Map.of("images", TWO_GRAY, "labels", SampleFolders.npy("|u1", "1,", 0)),
        "2 images and 1 labels");
    assertRefused(
        Map.of("images", TWO_GRAY, "labels", SampleFolders.npy("|i1", "2,", 0xFF, 0)), "is -1");
  }

  @Test
  void otherArchivesAreNotRecognised() throws IOException {
    Path file = SampleFolders.npz(folder.resolve("w.npz"), Map.of("conv1.weight", TWO_GRAY));
    assertFalse(source.recognises(file));
    Files.writeString(file, "no archive");
    assertFalse(source.recognises(file));
    IOException e = assertThrows(IOException.class, () -> source.open(file, Settings.NONE));
    assertTrue(e.getMessage().contains("w.npz"), e.getMessage());
  }
}
