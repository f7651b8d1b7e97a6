package dev.graft;

import dev.graft.registry.Registry;
import dev.graft.spi.Companion;
import dev.graft.train.CompanionBase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The base of a request and the models that go along with it. All of them must read examples in the
 * same way, since the same tensors go to all; a base that is a configuration alone reads them as
 * its companion does.
 */
final class Companions implements AutoCloseable {

  private final Base base;
  private final Map<String, Base> others;

  private Companions(Base base, Map<String, Base> others) {
    this.base = base;
    this.others = others;
  }

  static Companions open(TransferRequest request, Registry registry) throws IOException {
    Map<String, Base> others = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : request.companions().entrySet()) {
      Base other = Base.open(Path.of(entry.getValue()), request.preprocessing(), registry);
      if (other.weights().isEmpty()) {
        throw new IOException(
            "the %s '%s' has no weights; name a base with weights or a bundle"
                .formatted(entry.getKey(), other.folder()));
      }
      if (other.tasks().size() > 1) {
        throw new IOException(
            "the %s '%s' does the tasks %s; name a model that does one"
                .formatted(entry.getKey(), other.folder(), other.tasks()));
      }
      others.put(entry.getKey(), other);
    }
    Path folder = Path.of(request.base());
    Base base = Base.open(folder, request.preprocessing(), registry);
    if (base.readsAnything() && !others.isEmpty()) {
      Base first = others.values().iterator().next();
      base.close();
      base = Base.open(folder, first.preprocessing().settings(), registry);
    }
    return new Companions(base, others);
  }

  @Override
  public void close() {
    base.close();
    others.values().forEach(Base::close);
  }

  /** The base that is trained. */
  Base base() {
    return base;
  }

  /** Refuses a companion that reads examples in another way than the base. */
  void checkAgainst(Base fitted) throws IOException {
    for (Map.Entry<String, Base> entry : others.entrySet()) {
      Base other = entry.getValue();
      boolean same =
          other.family().modality().equals(fitted.family().modality())
              && other.preprocessing().settings().equals(fitted.preprocessing().settings());
      if (!same) {
        throw new IOException(
            ("the %s '%s' reads %s %s, the base '%s' %s %s; the same tensors go to both: choose two"
                    + " that agree, give --size where only the size differs, or train a"
                    + " configuration without weights")
                .formatted(
                    entry.getKey(),
                    other.name(),
                    other.family().modality(),
                    other.preprocessing().settings(),
                    fitted.name(),
                    fitted.family().modality(),
                    fitted.preprocessing().settings()));
      }
    }
  }

  /** Models that methods look at while they plan; closed with this. */
  record Models(Map<String, Companion> byName) implements AutoCloseable {

    @Override
    public void close() {
      byName.values().forEach(companion -> companion.model().close());
    }
  }

  Models models() {
    Map<String, Companion> models = new LinkedHashMap<>();
    others.forEach(
        (name, other) -> models.put(name, new Companion(other.pretrained(), other.labels())));
    return new Models(models);
  }

  Map<String, CompanionBase> forTraining() {
    Map<String, CompanionBase> result = new LinkedHashMap<>();
    others.forEach(
        (name, other) ->
            result.put(
                name,
                new CompanionBase(other, other.labels(), other.weights().orElseThrow().digest())));
    return result;
  }
}
