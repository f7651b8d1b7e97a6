package dev.graft.adapters.lowrank;

import dev.graft.adapters.DeltaAdapter;
import dev.graft.adapters.Host;
import dev.graft.plan.Setting;
import dev.graft.plan.Settings;
import dev.graft.tensor.Linalg;
import dev.graft.tensor.Tensor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A few coefficients of the Fourier transform of the change (Gao et al. 2024): the real part of the
 * inverse transform of a spectrum that is zero but in n random places.
 */
final class FourierAdapter extends DeltaAdapter {

  /** Settings of this form. */
  static final List<Setting> SETTINGS =
      List.of(
          Setting.integer("frequencies", 1000, 1, 1 << 24, "coefficients per layer that train"),
          Setting.number("scaling", 150, 1e-6, 1e6, "factor on the added matrix"),
          Setting.integer("location_seed", 777, 0, Integer.MAX_VALUE, "seed of their places"));

  private final Tensor spectrum;
  private final Tensor places;
  private final double scaling;

  FourierAdapter(Host host, Settings settings) {
    super(host);
    scaling = settings.number("scaling");
    long cells = host.rows() * host.columns();
    int count = (int) Math.min(settings.integer("frequencies"), cells);
    SplittableRandom random = new SplittableRandom(settings.integer("location_seed"));
    Set<Long> chosen = new LinkedHashSet<>();
    while (chosen.size() < count) {
      chosen.add(random.nextLong(cells));
    }
    long[] flat = chosen.stream().mapToLong(Long::longValue).toArray();
    places = buffer("fourierft_indices", Tensor.of(flat, count));
    spectrum = parameter("fourierft_spectrum", Tensor.zeros(count));
  }

  @Override
  protected Tensor delta() {
    Tensor dense = Tensor.zeros(spectrum.dtype(), host().rows() * host().columns());
    return Linalg.inverseFourier(
            dense.scatter(0, places, spectrum).reshape(host().rows(), host().columns()))
        .mul(scaling);
  }
}
