package dev.graft.text.family;

import dev.graft.layers.Activation;
import dev.graft.layers.Activation.Function;
import dev.graft.layers.Dropout;
import dev.graft.layers.Initial;
import dev.graft.layers.LayerNorm;
import dev.graft.layers.Linear;
import dev.graft.layers.Module;
import dev.graft.layers.ParameterKind;
import dev.graft.model.Model;
import dev.graft.model.ModelSpec;
import dev.graft.model.Network;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.ModelFamily;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.text.block.SequenceAttention;
import dev.graft.text.preprocessing.TextModality;
import dev.graft.weights.LoadRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What families of networks over texts have in common: reading a published {@code config.json} with
 * its {@code architectures}, initial values, and what their weight files may lack or have beyond.
 */
abstract class TextFamily implements ModelFamily {

  /** Key of a spec: what the published network was made for. */
  static final String HEAD = "head";

  private static final System.Logger LOG = System.getLogger(TextFamily.class.getName());

  /** What follows the name of a model in the name of a class. */
  private static final Map<String, Head.Kind> KINDS = kinds();

  private static Map<String, Head.Kind> kinds() {
    Map<String, Head.Kind> kinds = new LinkedHashMap<>();
    kinds.put("ForSequenceClassification", Head.Kind.SEQUENCE);
    kinds.put("ForTokenClassification", Head.Kind.TOKEN);
    kinds.put("ForQuestionAnswering", Head.Kind.SPAN);
    kinds.put("ForMaskedLM", Head.Kind.WORDS);
    kinds.put("ForPreTraining", Head.Kind.WORDS);
    kinds.put("ForCausalLM", Head.Kind.WORDS);
    kinds.put("LMHeadModel", Head.Kind.WORDS);
    kinds.put("ForConditionalGeneration", Head.Kind.WORDS);
    kinds.put("MTModel", Head.Kind.WORDS);
    kinds.put("Model", Head.Kind.SEQUENCE);
    return kinds;
  }

  /** Names of classes, without what they are made for, by {@code model_type}. */
  abstract Map<String, String> classes();

  /** The settings there are, beside those of every family. */
  abstract List<Setting> settings();

  /** Builds the network but for the initial values. */
  abstract Network network(Settings settings, Head.Kind head);

  /** First name of all tensors but those of heads; base classes publish without it. */
  abstract String root();

  /** What a configuration that names no class was made for. */
  Head.Kind usualHead() {
    return Head.Kind.WORDS;
  }

  /** Further names that configurations of this family have for settings. */
  Map<String, String> otherNames() {
    return Map.of();
  }

  /** What a configuration that leaves a setting out means, where that differs from its default. */
  Map<String, Object> defaults() {
    return Map.of();
  }

  /** A configuration with this family's names for settings, plain values only. */
  Map<String, Object> translated(Map<String, Object> config) {
    Map<String, Object> result = new LinkedHashMap<>(defaults());
    Map<String, String> names = otherNames();
    config.forEach(
        (key, value) -> {
          if (value != null) {
            result.put(names.getOrDefault(key, key), value);
          }
        });
    return result;
  }

  /** Regular expressions of tensors in published files that nothing here reads. */
  List<String> unread() {
    return List.of();
  }

  /** Regular expressions of tensors that published files may lack, since they can be computed. */
  List<String> computed() {
    return List.of();
  }

  /** First names of the heads that published files of this family may hold. */
  List<String> heads() {
    return PublishedNames.HEADS;
  }

  @Override
  public String modality() {
    return TextModality.ID;
  }

  @Override
  public Optional<ModelSpec> read(Map<String, Object> config) {
    Object type = config.get("model_type");
    Optional<String> className = className(config);
    if (type == null) {
      return className.flatMap(this::kindOf).map(kind -> spec(kind, map(config.get("config"))));
    }
    return classes().containsKey(type)
        ? Optional.of(spec(className.flatMap(this::kindOf).orElse(usualHead()), config))
        : Optional.empty();
  }

  private static Optional<String> className(Map<String, Object> config) {
    if (config.get("class") instanceof String name) {
      return Optional.of(name);
    }
    return config.get("architectures") instanceof List<?> names && !names.isEmpty()
        ? Optional.of(String.valueOf(names.get(0)))
        : Optional.empty();
  }

  private Optional<Head.Kind> kindOf(String className) {
    for (String prefix : new LinkedHashSet<>(classes().values())) {
      if (className.startsWith(prefix) && KINDS.containsKey(className.substring(prefix.length()))) {
        return Optional.of(KINDS.get(className.substring(prefix.length())));
      }
    }
    return Optional.empty();
  }

  private ModelSpec spec(Head.Kind kind, Map<String, Object> config) {
    Map<String, Object> given = translated(config);
    if (given.get("id2label") instanceof Map<?, ?> labels) {
      given.putIfAbsent("num_labels", labels.size());
    }
    Map<String, Object> known = new LinkedHashMap<>();
    List<Setting> all = all();
    List<String> keys = all.stream().map(Setting::key).toList();
    Set<String> ignored = new LinkedHashSet<>();
    given.forEach(
        (key, value) -> {
          if (!keys.contains(key)) {
            ignored.add(key);
          } else {
            known.put(key, value);
          }
        });
    known.put(HEAD, kind.name().toLowerCase(Locale.ROOT));
    if (!ignored.isEmpty()) {
      LOG.log(System.Logger.Level.DEBUG, "{0} does not read {1}", about().id(), ignored);
    }
    return new ModelSpec(about().id(), new Settings(known).checked(about().id(), all).values());
  }

  private List<Setting> all() {
    List<Setting> all = new ArrayList<>(settings());
    all.add(Setting.integer("num_labels", 2, 1, 1_000_000, "outputs of a classifying head"));
    all.add(Setting.number("initializer_range", 0.02, 0, 10, "spread of the initial weights"));
    all.add(
        Setting.text(
            HEAD,
            "words",
            List.of("sequence", "token", "span", "words"),
            "what the published network was made for"));
    return all;
  }

  @Override
  public Network build(ModelSpec spec) {
    Settings settings = new Settings(spec.settings()).checked(about().id(), all());
    Head.Kind kind = Head.Kind.valueOf(settings.text(HEAD).toUpperCase(Locale.ROOT));
    Network network = network(settings, kind);
    initial(network, settings);
    return network;
  }

  /**
   * Standard deviation of the initial values of a weight or table.
   *
   * @param path of the module that has it
   */
  double spread(String path, Tensor weight, Settings settings) {
    return settings.number("initializer_range");
  }

  /** Weights and tables small and random, biases zero. */
  private void initial(Module root, Settings settings) {
    root.walk(
        "",
        (path, module) -> {
          for (Module.Weight weight : module.parameters().values()) {
            boolean drawn =
                weight.kind() == ParameterKind.WEIGHT || weight.kind() == ParameterKind.EMBEDDING;
            if (drawn) {
              try (Scope scope = Scope.open()) {
                Tensor tensor = weight.tensor();
                double std = spread(path, tensor, settings);
                tensor.copyInPlace(Initial.normal(std, tensor.shape()));
              }
            } else if (weight.kind() == ParameterKind.BIAS) {
              weight.tensor().fillInPlace(0);
            }
          }
        });
  }

  @Override
  public LoadRules loadRules(Model model) {
    return PublishedNames.rules(this, model);
  }

  // ---- pieces ----

  static Map<String, Object> map(Object value) {
    Map<String, Object> result = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, entry) -> result.put(String.valueOf(key), entry));
    }
    return result;
  }

  /** The function of a name as the library that publishes these networks writes it. */
  static Function activation(String name) {
    return switch (name) {
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "gelu_python_tanh" -> Function.GELU_TANH;
      case "swish" -> Function.SILU;
      default -> Function.parse(name);
    };
  }

  static Activation activationLayer(String name) {
    return new Activation(activation(name));
  }

  /**
   * An attention with separate projections of D features.
   *
   * @param names of queries, keys, values and, where it is this module's, the result
   */
  static SequenceAttention attention(
      SequenceAttention.Shape shape, long features, List<String> names, boolean bias) {
    long queries = shape.heads() * shape.size();
    long keys = shape.keyHeads() * shape.size();
    SequenceAttention attention =
        new SequenceAttention(shape)
            .inputs(
                names.subList(0, 3),
                List.of(
                    new Linear(features, queries, bias),
                    new Linear(features, keys, bias),
                    new Linear(features, keys, bias)));
    return names.size() == 3
        ? attention
        : attention.output(names.get(3), new Linear(queries, features, bias));
  }

  static Dropout dropout(double p) {
    return new Dropout(p);
  }

  static LayerNorm norm(long features, double eps) {
    return new LayerNorm(features, eps);
  }

  static Linear linear(long in, long out) {
    return new Linear(in, out);
  }
}
