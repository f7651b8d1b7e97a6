package dev.graft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.graft.data.CorruptExampleException;
import dev.graft.data.Example;
import dev.graft.data.Preprocessing;
import dev.graft.plan.Stream;
import dev.graft.registry.Registry;
import dev.graft.spi.Modality;
import dev.graft.tensor.NamedTensors;
import dev.graft.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a kind of input promises. */
public abstract class ModalityContract extends PluginContract<Modality> {

  private static final int TRIES = 20;

  /** The modality, as the services file makes it. */
  protected abstract Modality modality();

  @Override
  final Modality plugin() {
    return modality();
  }

  /** Preprocessing of this modality. */
  protected abstract Preprocessing preprocessing();

  /** At least two different raw examples that the preprocessing accepts. */
  protected abstract List<Example> examples();

  private List<Example> encoded() {
    return examples().stream().map(preprocessing().evalTransform()::apply).toList();
  }

  @Test
  void saysWhatItIs() {
    Abouts.check(Modality.class, modality(), Registry.load(getClass().getClassLoader()));
    assertEquals(modality().about().id(), preprocessing().modality());
  }

  @Test
  void preprocessingGoesThroughJson() throws Exception {
    ObjectMapper json = new ObjectMapper();
    String written = json.writeValueAsString(preprocessing().settings());
    Map<String, Object> read = json.readValue(written, new TypeReference<>() {});
    Preprocessing again =
        modality()
            .preprocessing(read, name -> Optional.ofNullable(preprocessing().files().get(name)));
    assertEquals(written, json.writeValueAsString(again.settings()));
    assertEquals(encoded(), examples().stream().map(again.evalTransform()::apply).toList());
  }

  @Test
  void theDeterministicPathIsDeterministic() {
    assertEquals(encoded(), encoded());
    assertNotEquals(encoded().get(0).values(), encoded().get(1).values());
  }

  @Test
  void everyAugmentationChangesSomethingAndFollowsItsSeed() {
    Example raw = examples().get(0);
    for (String id : preprocessing().augmentations()) {
      List<Example> first = augmented(id, raw, 7);
      assertEquals(first, augmented(id, raw, 7), id + " draws from elsewhere than its generator");
      Example plain = preprocessing().evalTransform().apply(raw);
      assertTrue(first.stream().anyMatch(e -> !e.equals(plain)), id + " never changes anything");
      assertEquals(
          plain.values().keySet(), first.get(0).values().keySet(), id + " makes other inputs");
    }
  }

  private List<Example> augmented(String id, Example raw, long seed) {
    Random random = new Random(seed);
    List<Example> result = new ArrayList<>();
    for (int i = 0; i < TRIES; i++) {
      result.add(preprocessing().trainTransform(id).apply(raw, random));
    }
    return result;
  }

  /** The strong path has to change something as soon as there is any random path. */
  @Test
  void thePathsThatSuitTheExamplesExist() {
    Preprocessing preprocessing = preprocessing();
    boolean some = !preprocessing.augmentations().isEmpty();
    assertEquals(some, !preprocessing.strongAugmentation().equals(Stream.NONE));
    for (String id :
        List.of(preprocessing.usualAugmentation(), preprocessing.strongAugmentation())) {
      if (!id.equals(Stream.NONE)) {
        assertEquals(TRIES, augmented(id, examples().get(0), 7).size());
      }
    }
  }

  @Test
  void anUnknownAugmentationIsRefused() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> preprocessing().trainTransform("no-such-augmentation"))
            .getMessage();
    assertTrue(message.contains("no-such-augmentation"), message);
    preprocessing().augmentations().forEach(id -> assertTrue(message.contains(id), message));
  }

  @Test
  void collatingStacksExamples() {
    try (Scope scope = Scope.open()) {
      List<Example> encoded = encoded();
      NamedTensors batch = preprocessing().collate(encoded);
      assertFalse(batch.names().isEmpty());
      for (String name : batch.names()) {
        assertEquals(encoded.size(), batch.get(name).size(0), name);
      }
      NamedTensors second = preprocessing().collate(encoded.subList(1, 2));
      for (String name : batch.names()) {
        assertArrayEquals(
            second.get(name).toFloats(), batch.get(name).narrow(0, 1, 1).toFloats(), name);
      }
    }
  }

  /** What is no input of this kind is refused by name; nothing else may come out. */
  @Test
  void garbageIsRefusedByName() {
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      byte[] garbage = new byte[random.nextInt(64)];
      random.nextBytes(garbage);
      try {
        assertEquals("some-input", modality().decode("some-input", garbage).id());
      } catch (CorruptExampleException e) {
        assertEquals("some-input", e.id());
        assertTrue(e.getMessage().contains("some-input"), e.getMessage());
      }
    }
  }
}
