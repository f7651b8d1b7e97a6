package dev.graft.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.TinyPlugins;
import dev.graft.infer.Predictor;
import dev.graft.train.TinyJobs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bundle as one file, from here and from strangers; a bundle as the base of the next transfer.
 */
class BundleZipTest {

  private static final String WEIGHTS = "model.safetensors";

  @TempDir private static Path shared;
  private static Bundle bundle;

  @TempDir private Path temp;

  @BeforeAll
  static void fit() throws IOException {
    bundle = TinyPlugins.fit(shared, "").bundle().orElseThrow();
  }

  private static Map<String, Double> metrics(Path path) throws IOException {
    try (Predictor predictor = Graft.create().predictor(path)) {
      return predictor.evaluate(new TinyJobs.Images(21, 3)).metrics();
    }
  }

  private Path zip(Map<String, byte[]> files) throws IOException {
    Path zip = temp.resolve("made.zip");
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        entries.putNextEntry(new ZipEntry(file.getKey()));
        entries.write(file.getValue());
        entries.closeEntry();
      }
    }
    return zip;
  }

  private static Map<String, byte[]> files(String prefix) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : new String[] {"graft.json", WEIGHTS, "report.html"}) {
      files.put(prefix + name, Files.readAllBytes(bundle.folder().resolve(name)));
    }
    return files;
  }

  private static void refused(Path path, String why) {
    BundleException e = assertThrows(BundleException.class, () -> Bundle.open(path));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void oneFileIsTheSameModel() throws IOException {
    Bundle zipped = bundle.zip(temp.resolve("bundle.zip"));
    Bundle opened = Bundle.open(zipped.folder());
    assertEquals(bundle.manifest(), opened.manifest());
    assertEquals(bundle.weights().digest(), opened.weights().digest());
    assertEquals(bundle.report(), opened.report());
    assertEquals(metrics(bundle.folder()), metrics(zipped.folder()));
    try (Stream<Path> all = Files.list(temp)) {
      assertEquals(1, all.count(), "nothing is unpacked");
    }
  }

  @Test
  void theSameBundleGivesTheSameBytes() throws IOException {
    byte[] first = Files.readAllBytes(bundle.zip(temp.resolve("a.zip")).folder());
    byte[] second = Files.readAllBytes(bundle.zip(temp.resolve("b.zip")).folder());
    assertArrayEquals(first, second);
  }

  @Test
  void whatOtherProgramsZip() throws IOException {
    assertEquals(metrics(bundle.folder()), metrics(zip(files(""))));
    assertEquals(metrics(bundle.folder()), metrics(zip(files("my bundle/"))));
  }

  @Test
  void aFileThatWasChanged() throws IOException {
    Map<String, byte[]> files = files("");
    byte[] weights = files.get(WEIGHTS);
    weights[weights.length - 1] ^= 1;
    refused(zip(files), "was changed after the bundle was written");
    files.remove(WEIGHTS);
    refused(zip(files), "is missing");
  }

  @Test
  void aNameThatLeavesTheFolder() throws IOException {
    Map<String, byte[]> files = files("");
    files.put("../evil.json", new byte[] {1});
    refused(zip(files), "../evil.json");
    assertFalse(Files.exists(temp.resolveSibling("evil.json")));
  }

  @Test
  void twoFilesOfOneName() throws IOException {
    Map<String, byte[]> files = files("");
    files.put("graft.jsoX", "{}".getBytes(StandardCharsets.UTF_8));
    Path zip = zip(files);
    String content = Files.readString(zip, StandardCharsets.ISO_8859_1);
    Files.writeString(
        zip, content.replace("graft.jsoX", "graft.json"), StandardCharsets.ISO_8859_1);
    refused(zip, "two entries 'graft.json'");
  }

  @Test
  void aBombIsRefusedBeforeItIsUnpacked() throws IOException {
    Map<String, byte[]> files = files("");
    files.put(WEIGHTS, new byte[64 << 20]);
    refused(zip(files), WEIGHTS);
  }

  @Test
  void noBundleAtAll() throws IOException {
    refused(zip(Map.of("a.txt", new byte[3])), "it has no graft.json");
    Path text = Files.writeString(temp.resolve("text"), "hello");
    refused(text, "no zip file");
    Path cut = temp.resolve("cut.zip");
    byte[] whole = Files.readAllBytes(zip(files("")));
    Files.write(cut, java.util.Arrays.copyOf(whole, whole.length / 2));
    refused(cut, "is no bundle");
  }

  @Test
  void aManifestThatNamesFilesElsewhere() throws IOException {
    Map<String, byte[]> files = files("");
    String manifest = new String(files.get("graft.json"), StandardCharsets.UTF_8);
    assertTrue(manifest.contains("\"report.html\""), manifest);
    Path folder = Files.createDirectory(temp.resolve("bundle"));
    Files.write(folder.resolve(WEIGHTS), files.get(WEIGHTS));
    Files.writeString(
        folder.resolve("graft.json"), manifest.replace("\"report.html\"", "\"../report.html\""));
    refused(folder, "files of a bundle have plain names");
  }

  @Test
  void aBundleIsTheBaseOfTheNextTransfer() throws IOException {
    Path zip = bundle.zip(temp.resolve("first.zip")).folder();
    for (Path base : new Path[] {bundle.folder(), zip}) {
      Path run = temp.resolve("next of " + base.getFileName());
      Fitted next =
          Graft.create()
              .transfer(base, TinyPlugins.data(temp.resolve("data")))
              .method("tiny-method:epochs=1")
              .fit(run);
      Manifest manifest = next.bundle().orElseThrow().manifest();
      assertEquals(bundle.weights().digest(), manifest.base().digest());
      assertEquals(bundle.manifest().surgery().size() + 1, manifest.surgery().size());
      assertEquals(
          next.result().test().get("accuracy"), metrics(run.resolve("bundle")).get("accuracy"));
    }
  }
}
