package dev.graft.examples.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.Base;
import dev.graft.DataFolder;
import dev.graft.Fitted;
import dev.graft.Graft;
import dev.graft.data.Dataset;
import dev.graft.data.Preprocessing;
import dev.graft.model.Model;
import dev.graft.plan.Settings;
import dev.graft.spi.Generator;
import dev.graft.task.sequence.CausalLanguageModelling;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import dev.graft.testkit.SharedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A story teller learns to answer. */
class ChatTest {

  private static final String[] ANIMALS = {"dog", "cat", "cow", "bird"};
  private static final String[] SOUNDS = {
    "It says woof", "It says meow", "It says moo", "It sings"
  };
  private static final Map<String, Object> TEMPLATE = Map.of("template", "alpaca");

  @TempDir private Path temp;

  private final Graft graft = Graft.create();

  private static Path decoder() {
    return SharedFolder.require("models/stories260k-llama");
  }

  private Path talks(int count) throws IOException {
    Random random = new Random(1);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int animal = random.nextInt(ANIMALS.length);
      lines.append(
          "{\"instruction\": \"What does the %s say?\", \"output\": \"%s\"}%n"
              .formatted(ANIMALS[animal], SOUNDS[animal]));
    }
    return Files.writeString(temp.resolve("talks.jsonl"), lines);
  }

  @Test
  void theAnswerAloneIsLearned() throws IOException {
    try (Base base = Base.open(decoder(), Map.of(), graft.registry());
        Scope scope = Scope.open()) {
      Dataset data = DataFolder.open(talks(4), "", TEMPLATE, graft.registry()).training();
      Preprocessing preprocessing = base.preprocessing();
      NamedTensors inputs =
          preprocessing.collate(List.of(preprocessing.evalTransform().apply(data.load(0))));
      long[] labels =
          new CausalLanguageModelling().targets(new double[1][0], inputs).get("labels").toLongs();
      long learned = Arrays.stream(labels).filter(label -> label >= 0).count();
      assertTrue(learned > 3 && learned < labels.length / 2, learned + " of " + labels.length);
      int first = 0;
      while (labels[first] < 0) {
        first++;
      }
      assertTrue(first > labels.length / 2, "the question stands in front");
    }
  }

  @Test
  void aStoryTellerLearnsToAnswer() throws IOException {
    Fitted fitted =
        graft
            .transfer(decoder(), talks(200))
            .format("chats", TEMPLATE)
            .method("fine-tune:lr=0.01,epochs=14")
            .seed(1)
            .fit(temp.resolve("run"));
    assertTrue(fitted.result().test().get("perplexity") < 1.1, "" + fitted.result().test());
    Path bundle = fitted.bundle().orElseThrow().folder();
    String report = Files.readString(bundle.resolve("report.html"));
    assertTrue(report.contains("### Response:\n</dd><dt>generated"), "what is asked");
    try (Base base = Base.open(bundle, Map.of(), graft.registry());
        Model model = base.pretrained()) {
      Generator generator = graft.registry().all(Generator.class).iterator().next();
      Settings settings = base.settingsFor(generator, Settings.of("max_tokens", 40));
      assertEquals("alpaca", settings.text("template"), "the bundle keeps it");
      for (int i = 0; i < ANIMALS.length; i++) {
        String asked = "What does the %s say?".formatted(ANIMALS[i]);
        String answer =
            generator.generate(
                new Generator.Request(model, base.preprocessing(), asked), settings, piece -> {});
        assertEquals(SOUNDS[i], answer.strip());
      }
    }
  }
}
