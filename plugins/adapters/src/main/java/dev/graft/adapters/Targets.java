package dev.graft.adapters;

import dev.graft.layers.Layer;
import dev.graft.layers.Module;
import dev.graft.layers.Tied;
import dev.graft.model.Model;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Finds the layers that adapters go on.
 *
 * <p>The rules of {@code auto} look at the names that published networks give their layers; the
 * head is never a target, since it is new and trains as a whole.
 */
final class Targets {

  private static final String ALL = "all";
  private static final Set<Host.Form> MAPS = Set.of(Host.Form.LINEAR, Host.Form.CONVOLUTION);
  private static final String QUERY_VALUE =
      "query|value|q_proj|v_proj|q_lin|v_lin|qkv|c_attn|q|v|query_key_value|wq|wv"
          + "|query_proj|value_proj";
  private static final String KEY_VALUE =
      "key|value|k_proj|v_proj|k_lin|v_lin|qkv|c_attn|k|v|query_key_value|wk|wv"
          + "|key_proj|value_proj";
  static final String FEED_FORWARD_END =
      "mlp\\.fc2|mlp\\.3|\\d+\\.output\\.dense|mlp_\\w+\\.fc2|fc2|lin2|down_proj|mlp\\.c_proj|ffn\\.w2"
          + "|feed_forward\\.w2|DenseReluDense\\.wo|dense_4h_to_h|ffn_output";
  private static final String ATTENTION_END =
      "attn\\.proj|self_attention\\.out_proj|attention\\.output\\.dense|o_proj|out_lin|attn\\.c_proj"
          + "|attention\\.wo|self_attn\\.out_proj|encoder_attn\\.out_proj|SelfAttention\\.o"
          + "|EncDecAttention\\.o|attn\\.o|attention\\.dense";
  private static final String TOKENS =
      "pos_drop|embeddings\\.dropout|encoder\\.dropout|transformer\\.drop";

  private static final String KEY_VALUES = "key_states|value_states";

  /** Tables of words that no positions are added to, unless there is a table of those, too. */
  private static final String WORDS = "embed_tokens";

  private static final String POSITIONS = "embed_positions";

  private static final String CLASS_TOKEN = "(.*\\.)?(cls_token|class_token)";

  private static final String BLOCKS = "blocks\\.\\d+|encoder\\.layer\\.\\d+|encoder_layer_\\d+";

  private final Model model;
  private final String head;

  private Targets(Model model) {
    this.model = model;
    this.head = model.groups().get(model.groups().size() - 1).name();
  }

  /**
   * Paths of the layers that a kind goes on.
   *
   * @throws IllegalArgumentException if there is none; the message lists what exists
   */
  static List<String> find(Model model, AdapterKind kind, Settings settings) {
    Targets targets = new Targets(model);
    String wanted = settings.text("targets");
    List<String> found =
        switch (wanted) {
          case Setting.AUTO -> targets.auto(kind.site());
          case ALL -> targets.of(MAPS, "");
          default -> targets.of(Set.of(Host.Form.values()), wanted);
        };
    String excluded = settings.text("exclude");
    if (!excluded.isEmpty()) {
      Pattern pattern = pattern(excluded);
      found = found.stream().filter(path -> !pattern.matcher(path).matches()).toList();
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          ("method '%s' finds no layer for targets '%s' in network '%s'; auto stands for %s; the"
                  + " network's linear maps and convolutions are %s")
              .formatted(
                  kind.about().id(),
                  wanted,
                  model.spec().family(),
                  kind.site().help(),
                  targets.of(MAPS, "")));
    }
    return found;
  }

  private List<String> auto(AdapterKind.Site site) {
    return switch (site) {
      case PROJECTIONS -> orMaps(of(MAPS, QUERY_VALUE));
      case MAPS -> of(MAPS, "");
      case SCALED -> orMaps(of(MAPS, KEY_VALUE + "|" + FEED_FORWARD_END));
      case OPERATIONS ->
          of(Set.of(Host.Form.LINEAR, Host.Form.CONVOLUTION, Host.Form.NORMALISATION), "");
      case BRANCH_ENDS -> orMaps(of(MAPS, ATTENTION_END + "|" + FEED_FORWARD_END));
      case FEED_FORWARD_ENDS -> orMaps(feedForwardEnds());
      case TOKENS -> of(Set.of(Host.Form.OTHER), TOKENS);
      case SEQUENCE -> sequence();
      case BLOCKS -> of(Set.of(Host.Form.OTHER), BLOCKS);
      case KEY_VALUES -> of(Set.of(Host.Form.OTHER), KEY_VALUES);
    };
  }

  /** Ends of the feed-forward: what ends an attention is named alike in some libraries. */
  private List<String> feedForwardEnds() {
    List<String> attention = of(MAPS, ATTENTION_END);
    return of(MAPS, FEED_FORWARD_END).stream().filter(path -> !attention.contains(path)).toList();
  }

  /**
   * Where tokens are complete, unless the head reads the first of them or positions are added
   * behind.
   */
  private List<String> sequence() {
    if (model.parameters().keySet().stream().anyMatch(name -> name.matches(CLASS_TOKEN))) {
      return List.of();
    }
    List<String> places = of(Set.of(Host.Form.OTHER), TOKENS);
    boolean counted = !of(Set.of(Host.Form.EMBEDDING), POSITIONS).isEmpty();
    return places.isEmpty() && !counted ? of(Set.of(Host.Form.EMBEDDING), WORDS) : places;
  }

  private List<String> orMaps(List<String> found) {
    return found.isEmpty() ? of(MAPS, "") : found;
  }

  /** Paths of layers of some forms whose end matches; an empty pattern matches all. */
  private List<String> of(Set<Host.Form> forms, String end) {
    Pattern pattern = end.isEmpty() ? Pattern.compile(".*") : pattern(end);
    List<String> paths = new ArrayList<>();
    model
        .modules()
        .forEach(
            (path, module) -> {
              boolean before =
                  model.findGroup(path).filter(group -> !group.equals(head)).isPresent();
              if (before
                  && module instanceof Layer layer
                  && forms.contains(form(layer))
                  && pattern.matcher(path).matches()) {
                paths.add(path);
              }
            });
    return paths;
  }

  private static Host.Form form(Layer layer) {
    return layer instanceof AdaptedLayer adapted ? adapted.host().form() : Host.formOf(layer);
  }

  private static Pattern pattern(String end) {
    try {
      return Pattern.compile("(.*\\.)?(" + end + ")");
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'%s' is no regular expression: %s".formatted(end, e.getDescription()), e);
    }
  }

  /**
   * Refuses targets whose weight is used a second time, as a parameter of another name or by a
   * layer that says so: adapting one of the two would break the tie.
   */
  static void refuseTied(Model model, String method, List<String> targets) {
    Map<String, List<String>> owners = new LinkedHashMap<>();
    Map<String, Module> modules = model.modules();
    for (String target : targets) {
      for (var own : modules.get(target).parameters().entrySet()) {
        String name = target + "." + own.getKey();
        List<String> others = others(model, name, own.getValue().tensor());
        if (!others.isEmpty()) {
          owners.put(name, others);
        }
      }
    }
    if (!owners.isEmpty()) {
      throw new IllegalArgumentException(
          ("method '%s' would adapt one side of tied weights: %s; leave these layers out with"
                  + " 'exclude'")
              .formatted(method, owners));
    }
  }

  /** Names of the parameters and paths of the layers that use a parameter, too. */
  private static List<String> others(Model model, String name, Tensor weight) {
    List<String> others = new ArrayList<>();
    model.parameters().values().stream()
        .filter(each -> !each.name().equals(name) && each.tensor().sharesMemoryWith(weight))
        .forEach(each -> others.add(each.name()));
    model
        .modules()
        .forEach(
            (path, module) -> {
              if (module instanceof Tied layer
                  && layer.tied().stream().anyMatch(each -> each.sharesMemoryWith(weight))) {
                others.add(path);
              }
            });
    return others;
  }
}
