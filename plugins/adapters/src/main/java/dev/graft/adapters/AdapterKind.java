package dev.graft.adapters;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A kind of adapter: what it is, where it goes unless told otherwise, which settings shape it, how
 * one is made.
 *
 * @param about id, summary and source, those of the method and of its surgery
 * @param site the layers it goes on unless {@code targets} names others
 * @param shape settings that shape one adapter, without {@code targets} and {@code exclude}
 * @param maker makes the adapters of some layers
 * @param peft how PEFT writes it down
 */
public record AdapterKind(About about, Site site, List<Setting> shape, Maker maker, PeftForm peft) {

  /** Makes the adapters of a kind. */
  @FunctionalInterface
  public interface Maker {

    /**
     * One adapter per layer, in order; they may share tensors, which belong to the first of them.
     *
     * @param settings checked, with defaults filled in
     */
    List<Adapter> make(List<Host> hosts, Settings settings);

    /** Adapters that know nothing of each other. */
    static Maker each(BiFunction<Host, Settings, Adapter> maker) {
      return (hosts, settings) -> hosts.stream().map(host -> maker.apply(host, settings)).toList();
    }
  }

  /** A kind that PEFT's files do not know. */
  public AdapterKind(About about, Site site, List<Setting> shape, Maker maker) {
    this(about, site, shape, maker, PeftForm.NONE);
  }

  public AdapterKind {
    shape = List.copyOf(shape);
  }

  /** All settings of its surgery. */
  public List<Setting> settings() {
    List<Setting> all = new ArrayList<>(shape);
    all.add(
        Setting.text(
            "targets",
            Setting.AUTO,
            List.of(),
            "layers: a regular expression for the end of their paths, or all; auto: " + site.help));
    all.add(
        Setting.text(
            "exclude", "", List.of(), "layers left out: a regular expression, as for targets"));
    return List.copyOf(all);
  }

  /** Where adapters go by default. */
  public enum Site {
    /** Queries and values of attention; in other networks all linear maps and convolutions. */
    PROJECTIONS(
        "queries and values of attention, in networks without it all linear maps and convolutions"),
    /** All linear maps and convolutions. */
    MAPS("all linear maps and convolutions"),
    /** Keys, values and second feed-forward maps; elsewhere linear maps and convolutions. */
    SCALED("keys, values and the feed-forward, in networks without them all maps"),
    /** Linear maps, convolutions and normalisations. */
    OPERATIONS("all linear maps, convolutions and normalisations"),
    /** The last map of attention and of the feed-forward; elsewhere convolutions. */
    BRANCH_ENDS("the last map of attention and feed-forward, elsewhere all maps"),
    /** The last map of the feed-forward; elsewhere convolutions. */
    FEED_FORWARD_ENDS("the last map of the feed-forward, elsewhere all maps"),
    /** What follows the positions in a transformer. */
    TOKENS("where the tokens of a transformer are complete"),
    /** The same in a network without class token, in front of which tokens can stand. */
    SEQUENCE("where the tokens of a network without class token are complete"),
    /** The blocks of a transformer. */
    BLOCKS("the blocks of a transformer"),
    /** Where the keys and the values of attention pass. */
    KEY_VALUES("the keys and the values of attention");

    private final String help;

    Site(String help) {
      this.help = help;
    }

    /**
     * True if what stands here makes the sequence longer, so that the head reads more positions.
     */
    boolean lengthens() {
      return this == TOKENS || this == SEQUENCE || this == BLOCKS;
    }

    /** Where that is, in words. */
    public String help() {
      return help;
    }
  }
}
