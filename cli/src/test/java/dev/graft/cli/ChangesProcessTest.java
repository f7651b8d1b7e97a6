package dev.graft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An adapter that is saved without its base and used by another process. */
class ChangesProcessTest {

  /** Largest difference between two processes that compute the same. */
  private static final double TOLERANCE = 1e-5;

  @TempDir private Path temp;
  private final List<Path> pictures = new ArrayList<>();

  /** Pictures of blots, always the same. */
  @BeforeEach
  void draw() throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < 12; i++) {
      BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
      for (int blot = 0; blot < 200; blot++) {
        image.setRGB(random.nextInt(28), random.nextInt(28), 0xffffff);
      }
      Path file = temp.resolve("picture%02d.png".formatted(i));
      ImageIO.write(image, "png", file.toFile());
      pictures.add(file);
    }
  }

  private List<String> predict(Path bundle, List<String> more) throws IOException {
    List<String> words =
        new ArrayList<>(List.of("predict", "--json", "--bundle", bundle.toString()));
    words.addAll(more);
    pictures.forEach(file -> words.add(file.toString()));
    return words;
  }

  /** Standard output of a command in a process of its own. */
  private static String fresh(List<String> words) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.graft.cli.Main"));
    command.addAll(words);
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    return out;
  }

  /** Probability by file and label. */
  private static Map<String, Double> probabilities(JsonNode json) {
    Map<String, Double> result = new HashMap<>();
    for (JsonNode prediction : json.path("predictions")) {
      for (JsonNode candidate : prediction.path("top")) {
        result.put(
            prediction.path("id").asText() + " " + candidate.path("label").asText(),
            candidate.path("probability").asDouble());
      }
    }
    return result;
  }

  @Test
  void anAdapterAloneSpeaksAsTheWholeModelDidInAnotherProcess() throws Exception {
    Path run = temp.resolve("run");
    Path base = Ran.demo("glyphs-base");
    Ran fit =
        Ran.graft(
            "fit",
            "--base",
            base,
            "--data",
            Ran.demo("glyphs-target"),
            "--k-per-class",
            "4",
            "--method",
            "lora:epochs=2",
            "--changes",
            "--out",
            run);
    assertEquals(0, fit.code(), fit.err());
    Path whole = run.resolve("bundle");
    Path small = run.resolve("changes");
    assertTrue(
        5 * Files.size(small.resolve("changes.safetensors"))
            < Files.size(whole.resolve("model.safetensors")));

    Map<String, Double> expected =
        probabilities(Ran.graft(predict(whole, List.of()).toArray()).json());
    assertTrue(expected.size() >= pictures.size(), expected.toString());
    String said = fresh(predict(small, List.of("--base", base.toString())));
    List<String> lines = said.lines().toList();
    Map<String, Double> loaded =
        probabilities(JsonMapper.builder().build().readTree(lines.get(lines.size() - 1)));
    assertEquals(expected.keySet(), loaded.keySet());
    expected.forEach((key, value) -> assertEquals(value, loaded.get(key), TOLERANCE, key));

    refusesWithout(small, whole);
    Path again = temp.resolve("again");
    assertEquals(0, export(small, base, "bundle", again).code());
    assertEquals(
        -1, Files.mismatch(whole.resolve("model.safetensors"), again.resolve("model.safetensors")));
  }

  private static Ran export(Path bundle, Path base, String layout, Path out) {
    return Ran.graft("export", "--bundle", bundle, "--base", base, "--to", layout, "--out", out);
  }

  private void refusesWithout(Path small, Path other) throws IOException {
    Ran alone = Ran.graft(predict(small, List.of()).toArray());
    assertEquals(1, alone.code());
    assertTrue(alone.err().contains("glyphs-base") && alone.err().contains("--base"), alone.err());
    Ran wrong = Ran.graft(predict(small, List.of("--base", other.toString())).toArray());
    assertEquals(1, wrong.code());
    String digests = "digest [0-9a-f]{64}; '.*' has digest [0-9a-f]{64}";
    assertTrue(wrong.err().lines().anyMatch(l -> l.matches(".*" + digests + ".*")), wrong.err());
    Ran missing =
        Ran.graft("export", "--bundle", small, "--to", "changes", "--out", temp.resolve("x"));
    assertTrue(missing.err().contains("need --base"), missing.err());
  }
}
