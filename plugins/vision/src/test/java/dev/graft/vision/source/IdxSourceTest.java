package dev.graft.vision.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.plan.Settings;
import dev.graft.testkit.SharedFolder;
import dev.graft.vision.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdxSourceTest {

  private final IdxSource source = new IdxSource();

  @TempDir Path folder;

  private void write(String prefix) throws IOException {
    assertTrue(Files.isDirectory(SampleFolders.idx(folder, prefix)));
  }

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
  void valuesAreWhereTheFormatPutsThem() throws IOException {
    write("train");
    Dataset training = open().training();
    assertEquals(List.of("0", "1", "2"), training.classes());
    assertEquals("train/3", training.id(3));
    assertEquals(1, training.target(3));
    Image image = Image.of(training.load(3).get("image"));
    assertEquals(new Image(3, 2, 1, new byte[] {-112, -104, -96, -88, -80, -72}), image);
  }

  @Test
  void allPartsAndNamesAreFound() throws IOException {
    write("train");
    write("val");
    write("t10k");
    Files.writeString(folder.resolve("classes.txt"), "zero\none\ntwo\n");
    DataParts parts = open();
    assertEquals(5, parts.validation().orElseThrow().size());
    assertEquals("t10k/0", parts.test().orElseThrow().id(0));
    assertEquals(List.of("zero", "one", "two"), parts.test().orElseThrow().classes());
  }

  @Test
  void coloursAndPlainFilesAreRead() throws IOException {
    byte[] pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    Path images = folder.resolve("train-images.idx4-ubyte");
    assertEquals(images, SampleFolders.idx(images, new int[] {2, 1, 2, 3}, pixels));
    Path labels = folder.resolve("train-labels.idx1-ubyte");
    assertEquals(labels, SampleFolders.idx(labels, new int[] {2}, new byte[] {1, 0}));
    Dataset training = open().training();
    assertEquals(
        new Image(2, 1, 3, Arrays.copyOfRange(pixels, 6, 12)),
        Image.of(training.load(1).get("image")));
  }

  @Test
  void otherPrefixesAreUnderstoodOrAskedFor() throws IOException {
    write("small");
    assertEquals("small/0", open().training().id(0));
    write("large");
    assertRefused("[large, small]", "'train'");
    Settings settings = Settings.of("train", "large").with("test", "small");
    DataParts parts = source.open(folder, settings);
    assertEquals("large/0", parts.training().id(0));
    assertEquals("small/0", parts.test().orElseThrow().id(0));
    IOException e =
        assertThrows(IOException.class, () -> source.open(folder, settings.with("val", "middle")));
    assertTrue(e.getMessage().contains("'middle'"), e.getMessage());
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() throws IOException {
    write("train");
    Path labels = folder.resolve("train-labels-idx1-ubyte.gz");
    byte[] kept = Files.readAllBytes(labels);
    Files.writeString(folder.resolve("classes.txt"), "a\nb\n");
    assertRefused("label 2 of 'train' is 2", "2 classes [a, b]");
    Files.delete(labels);
    assertRefused("train-images-idx3-ubyte.gz", "belong together");
    assertEquals(labels, SampleFolders.idx(labels, new int[] {1}, new byte[] {0}));
    assertRefused("5 images and 1 labels");
    assertEquals(labels, SampleFolders.idx(labels, new int[] {5, 1}, new byte[5]));
    assertRefused("[5, 1]", "labels are (N)");
    Files.write(labels, Arrays.copyOf(kept, kept.length - 9));
    assertRefused("train-labels-idx1-ubyte.gz", "cut off");
    Files.write(labels, new byte[] {0, 0, 13, 1, 0, 0, 0, 0});
    assertRefused("00000d01", "00000801");
    Files.write(labels, new byte[] {0, 0, 8, 1, 127, 127, 0, 0, 1});
    assertRefused("2139029504", "1");
    Files.write(labels, new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 1, 1});
    assertRefused("more");
    Files.write(labels, new byte[] {0, 0, 8, 2, 127, 127, 0, 0, 127, 0, 0, 0});
    assertRefused("2 GiB");
  }

  @Test
  void unlabelledImagesNeedNoLabels(@TempDir Path labelled) throws IOException {
    write("train");
    Path labels = folder.resolve("train-labels-idx1-ubyte.gz");
    Dataset all = open().training();
    Files.write(labels, new byte[] {1, 2, 3});
    assertSameImages(all, source.openUnlabelled(folder, labelled, Settings.NONE));
    Files.delete(labels);
    assertTrue(source.recognises(folder));
    assertSameImages(all, source.openUnlabelled(folder, labelled, Settings.of("train", "large")));
    Files.delete(folder.resolve("train-images-idx3-ubyte.gz"));
    Files.write(labels, new byte[] {1, 2, 3});
    IOException e =
        assertThrows(
            IOException.class, () -> source.openUnlabelled(folder, labelled, Settings.NONE));
    assertTrue(e.getMessage().contains("no images of the prefix 'train'"), e.getMessage());
  }

  private static void assertSameImages(Dataset labelled, Dataset unlabelled) throws IOException {
    assertEquals(labelled.size(), unlabelled.size());
    for (int i = 0; i < labelled.size(); i++) {
      assertEquals(
          Image.of(labelled.load(i).get("image")), Image.of(unlabelled.load(i).get("image")));
      assertTrue(Double.isNaN(unlabelled.target(i)));
    }
  }

  @Test
  void imagesOfOtherShapesAreRefused() throws IOException {
    write("train");
    Path images = folder.resolve("train-images-idx3-ubyte.gz");
    assertEquals(images, SampleFolders.idx(images, new int[] {5, 1, 1, 2}, new byte[10]));
    assertRefused("[5, 1, 1, 2]", "(N, H, W, 3)");
    assertEquals(images, SampleFolders.idx(images, new int[] {5, 0, 1}, new byte[0]));
    assertRefused("[5, 0, 1]");
    SampleFolders.idx(folder.resolve("train-images-idx3-ubyte"), new int[] {1}, new byte[1]);
    assertRefused("keep one");
  }

  @ParameterizedTest
  @CsvSource({
    "cifar10-sample, 2000, 0, 1000, 10, 32 x 32 RGB",
    "mnist-sample, 4000, 0, 1000, 10, 28 x 28 grey",
    "fashion-mnist-sample, 4000, 0, 1000, 10, 28 x 28 grey",
    "pneumoniamnist-balanced, 2428, 270, 468, 2, 28 x 28 grey",
  })
  void theSharedFilesAreAsTheirReadmesSay(
      String name, int train, int validation, int test, int classes, String form)
      throws IOException {
    Path path = SharedFolder.require("data/" + name);
    assertTrue(source.recognises(path));
    DataParts parts = source.open(path, Settings.NONE);
    assertEquals(train, parts.training().size());
    assertEquals(validation, parts.validation().map(Dataset::size).orElse(0));
    assertEquals(test, parts.test().orElseThrow().size());
    assertEquals(classes, parts.training().classes().size());
    assertEquals(form, Image.of(parts.training().load(train - 1).get("image")).toString());
  }

  @Test
  void omniglotIsReadByPrefix() throws IOException {
    Path path = SharedFolder.require("data/omniglot-small");
    assertTrue(source.recognises(path));
    Dataset one = source.open(path, Settings.of("train", "background_small1")).training();
    assertEquals(136, one.classes().size());
    assertEquals(136 * 20, one.size());
    Dataset two = source.open(path, Settings.of("train", "background_small2")).training();
    assertEquals("Greek/character01", two.classes().get(0));
  }
}
