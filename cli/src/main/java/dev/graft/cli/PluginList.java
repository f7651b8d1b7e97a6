package dev.graft.cli;

import dev.graft.Graft;
import dev.graft.spi.About;
import dev.graft.spi.Plugin;
import java.io.PrintWriter;
import java.util.List;

/** Prints what is registered of a kind. */
final class PluginList {

  private PluginList() {}

  static int print(Class<? extends Plugin> kind, Output output) {
    List<About> plugins =
        Graft.create().registry().all(kind).stream().map(plugin -> plugin.about()).toList();
    output.print(plugins, out -> plugins.forEach(about -> line(out, about)));
    return 0;
  }

  private static void line(PrintWriter out, About about) {
    out.printf("%-18s %s%n%-18s   %s%n", about.id(), about.summary(), "", about.source());
  }
}
