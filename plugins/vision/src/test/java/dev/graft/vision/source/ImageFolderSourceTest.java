package dev.graft.vision.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.CorruptExampleException;
import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.plan.Settings;
import dev.graft.testkit.SharedFolder;
import dev.graft.vision.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageFolderSourceTest {

  private final ImageFolderSource source = new ImageFolderSource();

  @TempDir Path folder;

  private DataParts open() throws IOException {
    return source.open(folder, Settings.NONE);
  }

  private void assertRefused(String... words) {
    IOException e = assertThrows(IOException.class, this::open);
    for (String word : words) {
      assertTrue(e.getMessage().contains(word), e.getMessage());
    }
  }

  @Test
  void aFolderPerClassIsOnePart() throws IOException {
    DataParts parts = open("", "wasp", "ant");
    Dataset training = parts.training();
    assertEquals(List.of("ant", "wasp"), training.classes());
    assertEquals(4, training.size());
    assertEquals("ant/1.png", training.id(1));
    assertEquals(1, training.target(2));
    assertTrue(parts.validation().isEmpty() && parts.test().isEmpty());
    Image expected = SampleFolders.image(folder.resolve("other.png"), "ant".hashCode() + 1);
    assertEquals(expected, Image.of(training.load(1).get("image")));
  }

  private DataParts open(String part, String... classes) throws IOException {
    assertTrue(Files.isDirectory(SampleFolders.classes(folder, part, classes)));
    return open();
  }

  @ParameterizedTest
  @CsvSource({"train, val, test", "Training, valid, testing", "train, validation, test"})
  void partsAreTakenAsGiven(String train, String validation, String test) throws IOException {
    assertEquals(4, open(train, "a", "b").training().size());
    assertEquals(2, open(validation, "b").validation().orElseThrow().size());
    Dataset tested = open(test, "a").test().orElseThrow();
    assertEquals(List.of("a", "b"), tested.classes());
    assertEquals(test + "/a/0.png", tested.id(0));
    assertEquals(1, open().validation().orElseThrow().target(0));
  }

  @Test
  void imagesWithoutFoldersOfClassesAreUnlabelled() throws IOException {
    Path flat = Files.createDirectories(folder.resolve("flat"));
    assertTrue(Files.isDirectory(SampleFolders.classes(flat, "", "deep")));
    Files.copy(flat.resolve("deep/0.png"), flat.resolve("one.png"));
    Dataset unlabelled = source.openUnlabelled(flat, folder, Settings.NONE);
    assertEquals(3, unlabelled.size());
    assertEquals(List.of(), unlabelled.classes());
    assertTrue(Double.isNaN(unlabelled.target(2)));
    assertEquals("one.png", unlabelled.id(2));
    assertTrue(unlabelled.load(2).get("image").count() > 0);
  }

  @Test
  void aClassMayBeCalledTrain() throws IOException {
    DataParts parts = open("", "car", "train");
    assertEquals(List.of("car", "train"), parts.training().classes());
  }

  @Test
  void foldersWithinAClassBelongToIt() throws IOException {
    SampleFolders.image(folder.resolve("a/deep/er/x.png"), 1);
    SampleFolders.image(folder.resolve("b/x.PNG"), 2);
    Files.createDirectories(folder.resolve(".cache/c"));
    Files.writeString(folder.resolve("b/.hidden.png"), "no image");
    Files.writeString(folder.resolve("b/notes.txt"), "no image");
    Dataset training = open().training();
    assertEquals(2, training.size());
    assertEquals("a/deep/er/x.png", training.id(0));
    assertEquals("b/x.PNG", training.id(1));
  }

  @Test
  void aCorruptImageIsNamedWhenItIsLoaded() throws IOException {
    assertEquals(4, open("train", "a", "b").training().size());
    Files.writeString(folder.resolve("train/b/0.png"), "no image");
    Dataset training = open().training();
    assertEquals("train/a/0.png", training.load(0).id());
    CorruptExampleException e = assertThrows(CorruptExampleException.class, () -> training.load(2));
    assertEquals("train/b/0.png", e.id());
    assertTrue(e.getMessage().contains("train/b/0.png"), e.getMessage());
  }

  @Test
  void errorsSayWhatWasFound() throws IOException {
    Files.writeString(folder.resolve("a.csv"), "x");
    assertRefused("has no folders", ".csv=1", "one folder of images per class");
    Files.createDirectories(folder.resolve("a"));
    Files.writeString(folder.resolve("a/song.wav"), "x");
    assertRefused("no images", "wav=1", "jpg, png");
    assertFalse(source.recognises(folder));
    SampleFolders.image(folder.resolve("val/a/x.png"), 1);
    assertRefused("nothing to train on", "validation");
    SampleFolders.image(folder.resolve("train/b/x.png"), 1);
    assertRefused("class 'a'", "[b]");
    SampleFolders.image(folder.resolve("Train/b/x.png"), 1);
    assertRefused("two folders", "Train");
  }

  @ParameterizedTest
  @CsvSource({
    "flowers-128, 500, 500, daisy dandelion roses sunflowers tulips",
    "hymenoptera-192, 244, 153, ants bees",
    "rsscn7-128, 700, 700, field forest grass industry parking resident river_lake",
  })
  void theSharedFoldersAreAsTheirReadmesSay(String name, int train, int test, String classes)
      throws IOException {
    Path path = SharedFolder.require("data/" + name);
    assertTrue(source.recognises(path));
    DataParts parts = source.open(path, Settings.NONE);
    assertEquals(train, parts.training().size());
    assertEquals(test, parts.test().orElseThrow().size());
    assertTrue(parts.validation().isEmpty());
    assertEquals(List.of(classes.split(" ")), parts.training().classes());
    for (int i = 0; i < train; i += 50) {
      Image image = Image.of(parts.training().load(i).get("image"));
      assertTrue(image.width() >= 128 && image.channels() == 3, parts.training().id(i));
    }
    assertFalse(source.recognises(SharedFolder.require("data/esc10-1s")));
    assertFalse(source.recognises(SharedFolder.require("data/mnist-sample")));
  }
}
