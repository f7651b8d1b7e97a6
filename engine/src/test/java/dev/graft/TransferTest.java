package dev.graft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.bundle.Bundle;
import dev.graft.bundle.Manifest;
import dev.graft.infer.EvaluationResult;
import dev.graft.infer.Predictor;
import dev.graft.tensor.Scope;
import dev.graft.train.TinyJobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a base and a data folder to a bundle that says the same as the run that wrote it. */
class TransferTest {

  @TempDir Path folder;

  @Test
  void theBundleSaysWhatTheRunMeasured() throws IOException {
    long live = Scope.liveTensors();
    Fitted fitted = TinyPlugins.fit(folder, ":epochs=4");
    assertTrue(fitted.result().test().get("accuracy") > 0.9, fitted.result().test().toString());
    Bundle bundle = fitted.bundle().orElseThrow();
    assertEquals(true, bundle.manifest().model().settings().get("folded"));
    assertSame(fitted.result().test(), evaluate(bundle, new TinyJobs.Images(21, 3)));
    assertSame(fitted.result().validation(), evaluate(bundle, new TinyJobs.Images(21, 2)));
    assertEquals(live, Scope.liveTensors());
  }

  @Test
  void aRunFromScratchTrainsTheNormalisedFormAndItsBundleSaysSo() throws IOException {
    Fitted fitted = TinyPlugins.fit(folder, ":scratch=true");
    Bundle bundle = fitted.bundle().orElseThrow();
    Manifest manifest = bundle.manifest();
    assertEquals(false, manifest.model().settings().get("folded"));
    assertEquals("", manifest.base().digest());
    assertTrue(bundle.weights().has("bn1.running_mean"));
    assertSame(fitted.result().test(), evaluate(bundle, new TinyJobs.Images(21, 3)));
  }

  @Test
  void otherDataSetsStandInTheRunFolder() throws IOException {
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.writeString(other.resolve("tiny.txt"), "30 1 9");
    Path run = folder.resolve("run");
    Transfer transfer =
        Graft.create()
            .transfer(
                TinyPlugins.base(folder.resolve("tiny base")),
                TinyPlugins.data(folder.resolve("tiny data")))
            .unlabelled(other)
            .source(other)
            .test(other)
            .method("tiny-method");
    Fitted fitted = transfer.fit(run);
    assertEquals(30, Files.readAllLines(run.resolve("split/unlabelled.txt")).size());
    assertEquals(30, Files.readAllLines(run.resolve("split/source.txt")).size());
    assertEquals(9, Files.readAllLines(run.resolve("split/test.txt")).size());
    assertEquals(21, Files.readAllLines(run.resolve("split/validation.txt")).size());
    Fitted again = Graft.create().resume(run).fit(run);
    assertEquals(fitted.result().test(), again.result().test());
    Files.writeString(other.resolve("tiny.txt"), "29 1 9");
    String message =
        assertThrows(IOException.class, () -> Graft.create().resume(run).fit(run)).getMessage();
    assertTrue(message.contains("unlabelled part changed"), message);
  }

  @Test
  void dataThatGoAwayDuringARunDoNotKeepItsBundleFromSayingHowTheyWereRead() throws IOException {
    Path data = TinyPlugins.data(folder.resolve("tiny data"));
    Fitted fitted =
        Graft.create()
            .transfer(TinyPlugins.base(folder.resolve("tiny base")), data)
            .method("tiny-method")
            .listener(
                event -> {
                  var unused = data.resolve("tiny.txt").toFile().delete();
                })
            .fit(folder.resolve("run"));
    assertFalse(Files.exists(data.resolve("tiny.txt")));
    assertEquals("tiny-data", fitted.bundle().orElseThrow().manifest().data().id());
  }

  @Test
  void theReportIsThere() throws IOException {
    Bundle bundle = TinyPlugins.fit(folder, "").bundle().orElseThrow();
    String report = bundle.report();
    for (String text :
        new String[] {
          "tiny base <span>→</span> tiny data",
          "of 21 test examples right",
          "<i>3/", // an example of the test part, rendered by the modality
          "CC0",
          "drawn at random",
          "phase 1 of 1",
          "LibTorch".toLowerCase(java.util.Locale.ROOT)
        }) {
      assertTrue(report.contains(text), text);
    }
    assertFalse(report.contains(folder.toString()), "a report goes elsewhere; paths stay here");
    assertEquals(
        bundle.manifest().environment().keySet(),
        Map.of(
                "graft",
                0,
                "java",
                0,
                "system",
                0,
                "libtorch",
                0,
                "blas",
                0,
                "threads",
                0,
                "onednn",
                0,
                "instructions",
                0,
                "kernels",
                0)
            .keySet());
  }

  private static Map<String, Double> evaluate(Bundle bundle, TinyJobs.Images data)
      throws IOException {
    try (Predictor predictor = Predictor.open(bundle, Graft.create().registry())) {
      EvaluationResult result = predictor.evaluate(data);
      assertEquals(data.size(), result.evaluation().indices().length);
      return result.metrics();
    }
  }

  private static void assertSame(Map<String, Double> expected, Map<String, Double> actual) {
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach((id, value) -> assertEquals(value, actual.get(id), 1e-5, id));
  }
}
