package dev.graft.vision.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.data.DataParts;
import dev.graft.data.Dataset;
import dev.graft.plan.Settings;
import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageTableSourceTest {

  private final ImageTableSource source = new ImageTableSource();

  @TempDir Path folder;

  @BeforeEach
  void writeImages() throws IOException {
    assertTrue(Files.isDirectory(SampleFolders.table(folder)));
  }

  private DataParts open(String table) throws IOException {
    Files.writeString(folder.resolve("labels.csv"), table);
    return source.open(folder, Settings.NONE);
  }

  private void assertRefused(String table, String... words) {
    IOException e = assertThrows(IOException.class, () -> open(table));
    for (String word : words) {
      assertTrue(e.getMessage().contains(word), e.getMessage());
    }
  }

  @Test
  void rowsAreExamplesInTheirOrder() throws IOException {
    Dataset training = source.open(folder, Settings.NONE).training();
    assertEquals(List.of("cat", "dog"), training.classes());
    assertEquals("b.png", training.id(1));
    assertEquals(1, training.target(1));
    assertEquals("b.png", training.load(1).id());
    assertEquals(4, source.open(folder.resolve("labels.csv"), Settings.NONE).training().size());
  }

  @Test
  void quotesOtherNamesAndAByteOrderMarkAreRead() throws IOException {
    Dataset training =
        open("\uFEFFImage , width,Class\n\"a.png\",3,\"big, wild cat\"\nb.png,4,dog\n").training();
    assertEquals(List.of("big, wild cat", "dog"), training.classes());
    assertEquals(2, training.size());
  }

  @Test
  void aColumnMaySayThePart() throws IOException {
    DataParts parts =
        open("file,label,split\na.png,x,train\nb.png,y,train\nc.png,y,VAL\nd.png,x,test\n");
    assertEquals(2, parts.training().size());
    assertEquals("c.png", parts.validation().orElseThrow().id(0));
    assertEquals("d.png", parts.test().orElseThrow().id(0));
    assertRefused("file,label,split\na.png,x,spare\n", "'spare'", "train");
  }

  @Test
  void severalTablesAreParts() throws IOException {
    Files.delete(folder.resolve("labels.csv"));
    Files.writeString(folder.resolve("train.tsv"), "file\tlabel\na.png\tx\nb.png\ty\n");
    Files.writeString(folder.resolve("test.tsv"), "file\tlabel\nc.png\ty\n");
    DataParts parts = source.open(folder, Settings.NONE);
    assertEquals(2, parts.training().size());
    assertEquals(1, parts.test().orElseThrow().target(0));
    assertRefused("file,label\nd.png,x\n", "labels.csv", "no part");
  }

  @Test
  void numbersSortBySizeAndMayHaveNames() throws IOException {
    String table = "file,label\na.png,10\nb.png,9\n";
    assertEquals(List.of("9", "10"), open(table).training().classes());
    Files.writeString(folder.resolve("classes.txt"), "cat\ndog\n");
    assertRefused(table, "label '10'", "[cat, dog]");
    Dataset named = open("file,label\na.png,1\nb.png,0\nc.png,cat\n").training();
    assertEquals(List.of("cat", "dog"), named.classes());
    assertEquals(1, named.target(0));
    assertEquals(0, named.target(2));
    Files.writeString(folder.resolve("classes.txt"), "cat\ncat\n");
    assertRefused(table, "repeated line");
  }

  @Test
  void settingsNameColumnsFolderAndSuffix() throws IOException {
    SampleFolders.image(folder.resolve("photos/7.png"), 7);
    Path table = Files.writeString(folder.resolve("t.csv"), "id,breed,note\n7,corgi,x\n");
    Settings settings =
        Settings.of("file_column", "id")
            .with("label_column", "breed")
            .with("images", "photos")
            .with("suffix", ".png");
    Dataset training = source.open(table, settings).training();
    assertEquals("7.png", training.id(0));
    assertEquals("7.png", training.load(0).id());
    IOException e =
        assertThrows(IOException.class, () -> source.open(table, settings.with("suffix", "")));
    assertTrue(e.getMessage().contains("1 files of the table"), e.getMessage());
  }

  @Test
  void errorsSayWhereAndWhat() {
    assertRefused("name,kind\na.png,x\n", "[name, kind]", "'file_column'");
    assertRefused("file,label\na.png\n", "record 1", "1 fields", "2");
    assertRefused("file,label\na.png,\n", "record 1", "no label");
    assertRefused("file,label\nz.png,x\ny.png,x\n", "2 files", "'z.png'");
    assertRefused("file,label\na.png,x\na.png,y\n", "'a.png' is listed twice");
    assertRefused("file,label\n../secret.png,x\n", "'../secret.png'", "outside");
    assertRefused("file,label\n/secret.png,x\n", "'/secret.png'", "outside");
    assertRefused("file,file,label\na.png,b.png,x\n", "labels.csv");
  }

  @Test
  void tablesOfOtherThingsAreNotRecognised() throws IOException {
    assertTrue(source.recognises(folder));
    Files.writeString(folder.resolve("labels.csv"), "file,label\nsong.wav,x\n");
    assertFalse(source.recognises(folder));
    Files.writeString(folder.resolve("labels.csv"), "");
    assertFalse(source.recognises(folder));
    assertFalse(source.recognises(SharedFolder.require("data/heart-disease-sites")));
    assertFalse(source.recognises(SharedFolder.require("data/sst2")));
  }
}
