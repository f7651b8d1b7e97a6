package dev.graft.adapters.prompt;

import dev.graft.adapters.Adapter;
import dev.graft.adapters.Host;
import dev.graft.adapters.LayerWeights;
import dev.graft.layers.Initial;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Tokens that train, behind the class token (Jia et al. 2022), (N, 1 + L, D) to (N, 1 + p + L, D),
 * or in front of all (Lester et al. 2021), (N, L, D) to (N, p + L, D). The first of a stack puts
 * them in, before or behind its layer; the others put their own in place of those that came
 * through. There is no start that changes nothing: attention sees them at once.
 */
final class PromptAdapter extends Adapter {

  /** Settings of both forms. */
  static final List<Setting> SETTINGS =
      List.of(Setting.integer("tokens", 10, 1, 4096, "tokens that are added"));

  /** What happens to the tokens. */
  enum Form {
    /** Added behind the layer, in front of all tokens. */
    FRONT,
    /** Added behind the layer. */
    BEHIND,
    /** Added before the layer. */
    BEFORE,
    /** Put in the place of earlier ones before the layer. */
    REPLACE
  }

  private final Tensor prompt;
  private final Form form;

  private PromptAdapter(Host host, Settings settings, Form form) {
    super(host);
    this.form = form;
    if (host.width() < 1) {
      throw new IllegalArgumentException(
          "'%s' is no place for tokens: the network says nothing of their width"
              .formatted(host.path()));
    }
    double bound = Math.sqrt(3.0 / (double) host.width());
    prompt = parameter("prompt", Initial.uniform(bound, settings.integer("tokens"), host.width()));
  }

  /** One set of tokens, where all others are complete. */
  static List<Adapter> shallow(List<Host> hosts, Settings settings) {
    return List.of(new PromptAdapter(hosts.get(0), settings, Form.BEHIND));
  }

  /** One set of tokens, in front of all others. */
  static List<Adapter> front(List<Host> hosts, Settings settings) {
    return List.of(new PromptAdapter(hosts.get(0), settings, Form.FRONT));
  }

  /** A set of its own for each block. */
  static List<Adapter> deep(List<Host> hosts, Settings settings) {
    List<Adapter> made = new ArrayList<>();
    for (Host host : hosts) {
      made.add(new PromptAdapter(host, settings, made.isEmpty() ? Form.BEFORE : Form.REPLACE));
    }
    return made;
  }

  @Override
  protected Tensor forward(Tensor x, Below below) {
    return switch (form) {
      case FRONT -> with(below.output(x), 0, 0);
      case BEHIND -> with(below.output(x), 1, 0);
      case BEFORE -> below.output(with(x, 1, 0));
      case REPLACE -> below.output(with(x, 1, prompt.size(0)));
    };
  }

  /** The tokens with ours behind the first ones, in place of as many that stand there. */
  private Tensor with(Tensor tokens, long first, long replaced) {
    long from = first + replaced;
    return Tensor.cat(
        List.of(
            tokens.narrow(1, 0, first),
            prompt.unsqueeze(0).expand(tokens.size(0), prompt.size(0), prompt.size(1)),
            tokens.narrow(1, from, tokens.size(1) - from)),
        1);
  }

  @Override
  protected LayerWeights adapt(LayerWeights below) {
    throw new UnsupportedOperationException("tokens are no weights; keep them beside the network");
  }
}
