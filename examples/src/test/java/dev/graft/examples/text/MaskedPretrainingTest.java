package dev.graft.examples.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.DataFolder;
import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.Transfer;
import dev.graft.data.Dataset;
import dev.graft.infer.Predictor;
import dev.graft.tensor.NativeMemory;
import dev.graft.testkit.SharedFolder;
import dev.graft.train.TrainEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small encoder is pretrained on hidden words and then adapted. */
class MaskedPretrainingTest {

  private static final Map<String, Object> MASKED = Map.of("task", "masked-language-modelling");
  private static final String[] NAMES = {"ann", "bob", "eve", "tom"};
  private static final String[] PLACES = {"rome", "london", "paris", "berlin"};

  @TempDir private Path temp;

  private final Graft graft = Graft.create();

  /** Nobody goes to the place of another, so that a name tells its place. */
  private Path sentences(int count) throws IOException {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int who = random.nextInt(NAMES.length);
      text.append(
          "when %s goes away %s comes to %s%n%n".formatted(NAMES[who], NAMES[who], PLACES[who]));
    }
    return Files.writeString(temp.resolve("sentences.txt"), text);
  }

  private Path base(int features) throws IOException {
    Path folder = Files.createDirectories(temp.resolve("base"));
    Files.copy(
        SharedFolder.require("models/bert-tiny-imdb").resolve("vocab.txt"),
        folder.resolve("vocab.txt"));
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"model_type": "bert", "architectures": ["BertForMaskedLM"], "vocab_size": 8192,
         "hidden_size": %d, "num_hidden_layers": 1, "num_attention_heads": 2,
         "intermediate_size": 64, "max_position_embeddings": 32}
        """
            .formatted(features));
    return folder;
  }

  private Transfer pretraining(Path base, Path data, String method) {
    return graft.transfer(base, data).format("plain-text", MASKED).method(method).seed(1);
  }

  @Test
  void hiddenWordsAreLearnedAndTheModelIsABase() throws IOException {
    Path data = sentences(400);
    Fitted fitted =
        pretraining(base(32), data, "from-scratch:lr=0.005,epochs=15").fit(temp.resolve("run"));
    double before = fitted.result().history().get(0).validation().get("perplexity");
    double after = fitted.result().test().get("perplexity");
    assertTrue(before > 1000, "as many as there are words: " + before);
    assertTrue(after < 4, "few words fit: " + after);
    Path bundle = fitted.bundle().orElseThrow().folder();
    try (Predictor predictor = graft.predictor(bundle)) {
      Dataset all = DataFolder.open(data, "plain-text", MASKED, graft.registry()).training();
      double again = predictor.evaluate(all).metrics().get("perplexity");
      assertTrue(again < 4, "" + again);
      assertEquals(again, predictor.evaluate(all).metrics().get("perplexity"), "the same words");
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> predictor.predictInputs(List.of("ann goes to rome"), 1))
              .getMessage();
      assertTrue(message.contains("none is hidden"), message);
    }
    StringBuilder table = new StringBuilder("text,label\n");
    for (int i = 0; i < 160; i++) {
      String place = PLACES[i % PLACES.length];
      table.append("we saw %s,%s%n".formatted(place, i % 2 == 0 ? "south" : "north"));
    }
    Path labelled = Files.writeString(temp.resolve("labelled.csv"), table);
    Fitted adapted =
        graft
            .transfer(bundle, labelled)
            .method("fine-tune:lr=0.005,epochs=20")
            .seed(1)
            .fit(temp.resolve("adapted"));
    assertTrue(adapted.result().test().get("roc_auc") > 0.95, "" + adapted.result().test());
  }

  @Test
  void anInterruptedPretrainingEndsInTheSameBits() throws IOException {
    Path base = base(16);
    Path data = sentences(160);
    String method = "from-scratch:lr=0.005,epochs=4";
    Fitted whole = pretraining(base, data, method).fit(temp.resolve("whole"));
    AtomicInteger updates = new AtomicInteger();
    Path parts = temp.resolve("parts");
    Fitted stopped =
        pretraining(base, data, method).stopWhen(() -> updates.incrementAndGet() >= 7).fit(parts);
    assertFalse(stopped.result().completed());
    Fitted resumed = graft.resume(parts).fit(parts);
    Path one = whole.bundle().orElseThrow().folder().resolve("model.safetensors");
    Path two = resumed.bundle().orElseThrow().folder().resolve("model.safetensors");
    assertEquals(-1, Files.mismatch(one, two));
    assertEquals(whole.result().test(), resumed.result().test());
  }

  /** {@code -Dgraft.endurance=10000}: so many steps; what is held is printed. */
  @Test
  void memoryStaysWhereItIs() throws IOException {
    int steps = Integer.getInteger("graft.endurance", 0);
    Assumptions.assumeTrue(steps > 0, "runs with -Dgraft.endurance");
    List<NativeMemory.Usage> held = new ArrayList<>();
    List<Double> perplexity = new ArrayList<>();
    int epochs = 20;
    // More than a third of the examples are for validation and test.
    Fitted fitted =
        pretraining(
                base(32),
                sentences(steps / epochs * 32 * 10 / 6),
                "from-scratch:lr=0.002,epochs=%d,batch_size=32".formatted(epochs))
            .listener(
                event -> {
                  if (event instanceof TrainEvent.EpochEnded) {
                    held.add(NativeMemory.usage());
                  }
                })
            .fit(temp.resolve("run"));
    fitted.result().history().forEach(each -> perplexity.add(each.validation().get("perplexity")));
    System.out.printf(
        "%d updates, held %s, perplexity %s%n", fitted.result().updates(), held, perplexity);
    assertTrue(fitted.result().updates() >= steps, "" + fitted.result().updates());
    NativeMemory.Usage middle = held.get(held.size() / 2);
    for (NativeMemory.Usage later : held.subList(held.size() / 2, held.size())) {
      assertEquals(middle.tensors(), later.tensors());
      assertEquals(middle.live(), later.live());
    }
  }
}
