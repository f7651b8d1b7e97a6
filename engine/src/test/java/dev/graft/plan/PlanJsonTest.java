package dev.graft.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.layers.ParameterKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanJsonTest {

  private final Random random = new Random(17);

  private <T> List<T> several(Supplier<T> one) {
    List<T> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(one.get());
    }
    return list;
  }

  private <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private String word() {
    return oneOf(List.of("a", "ü\"\\\n", "layer1.0", "", "x y"));
  }

  private double number() {
    return oneOf(List.of(0.1, 1.0, 1e-300, -3.5, 1e20, random.nextDouble()));
  }

  private Object value() {
    return switch (random.nextInt(7)) {
      case 0 -> random.nextInt();
      case 1 -> random.nextLong();
      case 2 -> random.nextFloat();
      case 3 -> word();
      case 4 -> random.nextBoolean();
      case 5 -> List.of(number(), random.nextInt(), word());
      default -> number();
    };
  }

  private Choice choice() {
    Choice choice = Choice.of("id" + random.nextInt(9));
    for (int i = random.nextInt(3); i > 0; i--) {
      choice = choice.with("key" + i, value());
    }
    return choice;
  }

  private Selector selector() {
    List<ParameterKind> kinds = several(() -> oneOf(List.of(ParameterKind.values())));
    double decay = random.nextBoolean() ? Double.NaN : number();
    return new Selector(several(this::word), word(), kinds, number(), decay);
  }

  private Stream stream() {
    Stream stream =
        random.nextBoolean() ? Stream.training(8, "none") : Stream.training(1, "b").withViews(2);
    return stream.withSampler(choice());
  }

  private TermSpec term() {
    Choice choice = choice();
    return new TermSpec(choice.id(), choice.settings(), number(), random.nextInt(10));
  }

  private Phase phase() {
    List<TermSpec> terms = several(this::term);
    List<Update> updates =
        terms.isEmpty()
            ? List.of()
            : several(
                () -> new Update(word(), several(this::word), Map.of(terms.get(0).id(), 2.0), 3));
    return new Phase(
        word(),
        several(this::selector),
        oneOf(List.of(Normalisation.values())),
        several(this::stream),
        terms,
        choice(),
        choice(),
        choice(),
        new Length(random.nextInt(9), random.nextInt(9), random.nextInt(9)),
        new Regime(
            random.nextInt(9), number(), number(), number(), number(), true, random.nextBoolean()),
        updates);
  }

  @Test
  void planToJsonToPlanIsTheIdentity() throws IOException {
    for (int i = 0; i < 300; i++) {
      Plan plan =
          new Plan(
              several(this::choice),
              random.nextBoolean(),
              several(this::choice),
              several(this::phase),
              random.nextLong());
      assertEquals(plan, Plan.ofJson(plan.toJson()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'unknown': 1}",
        "{'methods': [], 'fromScratch': false, 'surgery': [], 'phases': [], 'seed': 1, 'more': 1}",
        "{'methods': [{'id': 'a', 'settings': {}, 'x': 1}], 'fromScratch': false, 'surgery': [],"
            + " 'phases': [], 'seed': 1}",
        "{'methods': [], 'methods': [], 'fromScratch': false, 'surgery': [], 'phases': [],"
            + " 'seed': 1}",
        "{'methods': [], 'fromScratch': false, 'surgery': [], 'phases': [], 'seed': null}",
        "{'methods': [{'id': 'a', 'settings': {'k': {}}}], 'fromScratch': false, 'surgery': [],"
            + " 'phases': [], 'seed': 1}",
        "[]",
        "null",
        ""
      })
  void whatIsNotAPlanIsRefused(String json) {
    IOException e = assertThrows(IOException.class, () -> Plan.ofJson(json.replace('\'', '"')));
    assertTrue(e.getMessage().startsWith("the plan "), e.getMessage());
  }

  @Test
  void settingsRefuseWhatJsonCannotHold() {
    for (Object value : new Object[] {Double.NaN, Double.POSITIVE_INFINITY, new Object()}) {
      assertThrows(IllegalArgumentException.class, () -> Settings.of("key", value));
    }
  }
}
