package dev.graft.testkit.contract;

import dev.graft.spi.Plugin;

/** What all contract tests have in common: each is about one plugin. */
abstract class PluginContract<P extends Plugin> {

  /** The plugin that is tested. */
  abstract P plugin();
}
