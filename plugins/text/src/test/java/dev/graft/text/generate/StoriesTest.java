package dev.graft.text.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.Base;
import dev.graft.data.Preprocessing;
import dev.graft.model.Model;
import dev.graft.plan.Settings;
import dev.graft.registry.Registry;
import dev.graft.spi.Generator;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.DType;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.SharedFolder;
import dev.graft.text.family.SequenceNetwork;
import dev.graft.text.preprocessing.TextModality;
import dev.graft.text.preprocessing.TextPreprocessing;
import dev.graft.weights.Weights;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The small Llama that tells stories, against the text that is known of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoriesTest {

  private Base base;
  private Model model;
  private Weights parity;
  private List<String> lines;

  @BeforeAll
  void open() throws IOException {
    Path folder = SharedFolder.require("models/stories260k-llama");
    base = Base.open(folder, Map.of(), Registry.load(getClass().getClassLoader()));
    model = base.pretrained();
    parity = Weights.open(folder.resolve("parity.safetensors"));
    lines = Files.readAllLines(folder.resolve("parity.txt"));
  }

  @AfterAll
  void close() {
    if (model != null) {
      model.close();
    }
  }

  private String line(String start) {
    return lines.stream()
        .filter(l -> l.startsWith(start))
        .findFirst()
        .orElseThrow()
        .substring(start.length());
  }

  private long[] ids(String name) {
    try (Scope scope = Scope.open()) {
      return Tensor.of(parity.get(name)).to(DType.INT64).toLongs();
    }
  }

  private Continuation continuation(boolean cached) {
    return new Continuation((SequenceNetwork) model.network(), Set.of(), cached);
  }

  @Test
  void tokensAndLogitsAreThePublishedOnes() {
    TextPreprocessing preprocessing = (TextPreprocessing) base.preprocessing();
    long[] expected = ids("input_ids");
    assertArrayEquals(
        expected, preprocessing.tokenizer().encode(line("text: "), Optional.empty()).ids());
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Tensor logits =
          model
              .forward(NamedTensors.of("input_ids", Tensor.of(expected, 1, expected.length)))
              .get("logits")
              .squeeze(0);
      Tensor known = Tensor.of(parity.get("logits"));
      double worst = logits.sub(known).abs().max().item();
      assertTrue(worst <= 1e-4 * known.abs().max().item(), "differs by " + worst);
    }
  }

  @Test
  void greedyTextIsTheKnownOneWordForWord() {
    StringBuilder heard = new StringBuilder();
    String text =
        new TextGenerator()
            .generate(
                new Generator.Request(model, base.preprocessing(), ""),
                Settings.of("max_tokens", ids("greedy_ids").length - 1),
                heard::append);
    String known = line("greedy continuation from BOS: ").replace("\\n", "\n");
    assertEquals(known.strip(), text.strip());
    assertEquals(text, heard.toString());
  }

  @Test
  void theCacheChangesNothing() {
    long[] known = ids("greedy_ids");
    long[] start = {known[0]};
    long[] expected = Arrays.copyOfRange(known, 1, known.length);
    for (boolean cached : new boolean[] {true, false}) {
      long[] made =
          continuation(cached)
              .sample(
                  start,
                  expected.length,
                  Choice.GREEDY,
                  new Random(1),
                  Continuation.Listener.of(id -> {}));
      assertArrayEquals(expected, made, "cached " + cached);
    }
  }

  @Test
  void oneBeamIsGreedyAndMoreBeamsAreNoLessLikely() {
    long[] start = {1};
    long[] greedy =
        continuation(true)
            .sample(start, 30, Choice.GREEDY, new Random(1), Continuation.Listener.of(id -> {}));
    assertArrayEquals(greedy, continuation(true).beams(start, 30, 1, 1));
    long[] wide = continuation(true).beams(start, 30, 4, 1);
    assertTrue(logProbability(wide) >= logProbability(greedy) - 1e-3);
  }

  private double logProbability(long[] made) {
    long[] ids = new long[made.length + 1];
    ids[0] = 1;
    System.arraycopy(made, 0, ids, 1, made.length);
    try (Scope scope = Scope.open();
        Autograd off = Autograd.off()) {
      Tensor logits =
          model
              .forward(NamedTensors.of("input_ids", Tensor.of(ids, 1, ids.length)))
              .get("logits")
              .select(0, 0)
              .narrow(0, 0, made.length);
      return -dev.graft.tensor.Nn.crossEntropy(logits, Tensor.of(made, made.length), 0).item();
    }
  }

  @Test
  void drawsFollowTheSeedAndStopsStop() {
    Generator.Request request =
        new Generator.Request(model, base.preprocessing(), "Once upon a time");
    Settings drawn =
        Settings.of("temperature", 1.0).with("top_p", 0.9).with("top_k", 50).with("max_tokens", 40);
    TextGenerator generator = new TextGenerator();
    String one = generator.generate(request, drawn.with("seed", 1), piece -> {});
    assertEquals(one, generator.generate(request, drawn.with("seed", 1), piece -> {}));
    assertNotEquals(one, generator.generate(request, drawn.with("seed", 2), piece -> {}));
    String stopped = generator.generate(request, Settings.of("stop", "Lily"), piece -> {});
    assertEquals(", there was a little girl named ", stopped);
  }

  /** What the folder calls an end is one, whatever its name. */
  @Test
  void aTextEndsWhereTheFolderSays() throws IOException {
    long[] known = ids("greedy_ids");
    int at = 8;
    while (first(known, known[at]) < at) {
      at++;
    }
    String ends = "{\"eos_token_id\": [%d]}".formatted(known[at]);
    Map<String, byte[]> files = new HashMap<>(base.preprocessing().files());
    files.put("generation_config.json", ends.getBytes(StandardCharsets.UTF_8));
    try (Preprocessing ended =
        new TextModality()
            .preprocessing(
                base.preprocessing().settings(), name -> Optional.ofNullable(files.get(name)))) {
      String text =
          new TextGenerator()
              .generate(new Generator.Request(model, ended, ""), Settings.NONE, piece -> {});
      long[] kept = Arrays.copyOf(known, at);
      assertEquals(
          ((TextPreprocessing) ended).tokenizer().decode(kept, true).strip(), text.strip());
    }
  }

  private static int first(long[] ids, long id) {
    int at = 0;
    while (ids[at] != id) {
      at++;
    }
    return at;
  }
}
