package dev.graft.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.graft.registry.Registry;
import dev.graft.spi.About;
import dev.graft.spi.Plugin;

/** What every plugin says about itself. */
final class Abouts {

  private Abouts() {}

  /** The id leads to this class, and the listing has something to print. */
  static <P extends Plugin> void check(Class<P> kind, P plugin, Registry registry) {
    About about = plugin.about();
    assertFalse(about.summary().isBlank(), "the summary is what the listing prints");
    assertFalse(about.summary().contains("\n"), "the summary is one line");
    assertFalse(about.source().isBlank(), "the source names a paper or a specification");
    assertSame(
        plugin.getClass(),
        registry.get(kind, about.id()).getClass(),
        () -> "a services file must name " + plugin.getClass().getName());
  }
}
