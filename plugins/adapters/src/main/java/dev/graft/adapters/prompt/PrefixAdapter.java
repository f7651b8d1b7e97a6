package dev.graft.adapters.prompt;

import dev.graft.adapters.Adapter;
import dev.graft.adapters.Host;
import dev.graft.adapters.LayerWeights;
import dev.graft.layers.Initial;
import dev.graft.layers.Tokens;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Vectors in front of the keys, or of the values, of an attention (Li and Liang 2021): (N, M, D) to
 * (N, p + M, D). There is no start that changes nothing: every query sees them at once.
 *
 * <p>With the projection they are what two linear maps with a tanh between them make of one table
 * of p vectors, W2 tanh(W1 e + b1) + b2, as the paper trains them. Table and first map are shared
 * by all layers and belong to the first; each has the rows of the second map that are its own.
 */
final class PrefixAdapter extends Adapter {

  /** Settings of both forms. */
  static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("tokens", 10, 1, 4096, "vectors in front of the keys and the values"),
          Setting.flag("projection", false, "whether two maps make them of one shared table"),
          Setting.auto(
              "hidden", 1, 65536, "features between the two maps; auto: as many as keys have"));

  /** What all layers share: a table (p, D) and the first map, (H, D) and (H). */
  private record Shared(Tensor table, Tensor weight, Tensor bias) {

    Tensor hidden() {
      return Nn.tanh(Nn.linear(table, weight, bias));
    }
  }

  private final Tensor prefix;
  private final Shared shared;
  private final Tensor weight;
  private final Tensor bias;

  /** Vectors that train themselves. */
  private PrefixAdapter(Host host, long tokens) {
    super(host);
    prefix = parameter("prefix", spread(tokens, host.width()));
    shared = null;
    weight = null;
    bias = null;
  }

  /**
   * Vectors that maps make.
   *
   * @param first the adapter that owns what is shared, or null if it is this one
   */
  private PrefixAdapter(Host host, Settings settings, PrefixAdapter first) {
    super(host);
    prefix = null;
    long width = host.width();
    if (first == null) {
      long hidden = (long) settings.number("hidden", (double) width);
      shared =
          new Shared(
              parameter("embedding.weight", Initial.normal(1, settings.integer("tokens"), width)),
              parameter("transform.0.weight", Initial.fanIn(width, hidden, width)),
              parameter("transform.0.bias", Tensor.zeros(hidden)));
    } else {
      shared = first.shared;
    }
    long hidden = shared.weight().size(0);
    weight = parameter("transform.2.weight", Initial.fanIn(hidden, width, hidden));
    bias = parameter("transform.2.bias", Tensor.zeros(width));
  }

  /** As long as tokens are at the start of a usual transformer. */
  private static Tensor spread(long tokens, long width) {
    return Initial.uniform(Math.sqrt(3.0 / (double) width), tokens, width);
  }

  /** One for each place. */
  static List<Adapter> make(List<Host> hosts, Settings settings) {
    List<Adapter> made = new ArrayList<>();
    PrefixAdapter first = null;
    for (Host host : hosts) {
      requireTokens(host);
      if (first != null && first.host().width() != host.width() && settings.flag("projection")) {
        throw new IllegalArgumentException(
            "'%s' has %d features and '%s' %d; one projection cannot serve both, train without it"
                .formatted(first.host().path(), first.host().width(), host.path(), host.width()));
      }
      PrefixAdapter each =
          settings.flag("projection")
              ? new PrefixAdapter(host, settings, first)
              : new PrefixAdapter(host, settings.integer("tokens"));
      first = first == null ? each : first;
      made.add(each);
    }
    return made;
  }

  private static void requireTokens(Host host) {
    if (!(host.layer() instanceof Tokens)) {
      throw new IllegalArgumentException(
          "'%s' is no place for a prefix; name the keys and values of attention, key_states and"
                  .formatted(host.path())
              + " value_states");
    }
  }

  @Override
  protected Optional<Tensor> vectors() {
    return Optional.of(prefix == null ? Nn.linear(shared.hidden(), weight, bias) : prefix);
  }

  @Override
  protected Tensor forward(Tensor x, Below below) {
    Tensor tokens = below.output(x);
    Tensor own = vectors().orElseThrow().to(tokens.dtype());
    return Tensor.cat(
        List.of(own.unsqueeze(0).expand(tokens.size(0), own.size(0), own.size(1)), tokens), 1);
  }

  @Override
  protected LayerWeights adapt(LayerWeights below) {
    throw new UnsupportedOperationException("a prefix is no weight; keep it beside the network");
  }
}
