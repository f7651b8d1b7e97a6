package dev.graft.train.schedule;

import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.spi.About;
import dev.graft.spi.Schedule;
import java.util.ArrayList;
import java.util.List;

/**
 * One rise and one fall of the rate, with the momentum moving the other way (Smith and Topin 2018).
 *
 * <p>The peak is the optimizer's learning rate. Two published forms differ at the ends. {@code
 * torch}: update t of N stands at t / (N - 1), so that the last update has the final rate, which is
 * the initial rate / {@code final_div}; {@code three_phase} comes back to the initial rate before
 * it falls to the final one. {@code fastai}: update t stands at t / N, and the final rate is the
 * peak / {@code final_div}.
 */
public final class OneCycle implements Schedule {

  private static final About ABOUT =
      new About("one-cycle", "one rise and one fall, momentum opposite", "Smith and Topin 2018");
  private static final List<Setting> SETTINGS =
      List.of(
          Setting.text("form", "torch", List.of("torch", "fastai"), "where the ends lie"),
          Setting.text("anneal", "cos", List.of("cos", "linear"), "shape of rise and fall"),
          Setting.number("pct", 0.3, 0, 1, "share of the phase that rises"),
          Setting.number("div", 25, 1, 1e9, "peak / initial rate"),
          Setting.number("final_div", 1e4, 1, 1e12, "initial rate (fastai: peak) / final rate"),
          Setting.flag("three_phase", false, "whether the fall mirrors the rise first"),
          Setting.flag("cycle_momentum", true, "whether the momentum moves too"),
          Setting.number("base_momentum", 0.85, 0, 1, "momentum at the peak"),
          Setting.number("max_momentum", 0.95, 0, 1, "momentum at the ends"));

  @Override
  public About about() {
    return ABOUT;
  }

  @Override
  public List<Setting> settings() {
    return SETTINGS;
  }

  @Override
  public Curve bind(long total, Settings given) {
    Settings settings = given.checked(ABOUT.id(), SETTINGS);
    boolean torch = settings.text("form").equals("torch");
    double initial = 1 / settings.number("div");
    double last = (torch ? initial : 1) / settings.number("final_div");
    double low = settings.number("base_momentum");
    double high = settings.number("max_momentum");
    double rise = settings.number("pct") * total;
    // In torch's form a piece that ends after k updates reaches its value at update k - 1.
    double inclusive = torch ? 1 : 0;
    List<Piece> pieces = new ArrayList<>();
    pieces.add(new Piece(rise - inclusive, 1, low));
    if (settings.flag("three_phase")) {
      if (settings.number("pct") > 0.5) {
        throw new IllegalArgumentException(
            "one-cycle in three phases rises and falls alike: pct is %s, allowed are 0 to 0.5"
                .formatted(settings.number("pct")));
      }
      pieces.add(new Piece(2 * (rise - inclusive), initial, high));
    }
    pieces.add(new Piece(total - inclusive, last, high));
    return new Cycle(
        new Piece(0, initial, high),
        pieces,
        settings.text("anneal").equals("cos"),
        settings.flag("cycle_momentum"));
  }

  /** A stretch of the cycle: where it ends and the values it reaches there. */
  private record Piece(double end, double rate, double momentum) {}

  private record Cycle(Piece start, List<Piece> pieces, boolean cosine, boolean cycleMomentum)
      implements Curve {

    @Override
    public double rate(long update) {
      int index = index(update);
      return between(before(index).rate(), pieces.get(index).rate(), progress(update, index));
    }

    @Override
    public double momentum(long update) {
      if (!cycleMomentum) {
        return Double.NaN;
      }
      int index = index(update);
      return between(
          before(index).momentum(), pieces.get(index).momentum(), progress(update, index));
    }

    private int index(long update) {
      int index = 0;
      while (index < pieces.size() - 1 && update > pieces.get(index).end()) {
        index++;
      }
      return index;
    }

    private Piece before(int index) {
      return index == 0 ? start : pieces.get(index - 1);
    }

    private double progress(long update, int index) {
      double from = before(index).end();
      double length = pieces.get(index).end() - from;
      return length <= 0 ? 1 : Math.min(1, (update - from) / length);
    }

    private double between(double from, double to, double progress) {
      return cosine
          ? to + (from - to) * (1 + Math.cos(Math.PI * progress)) / 2
          : from + (to - from) * progress;
    }
  }
}
