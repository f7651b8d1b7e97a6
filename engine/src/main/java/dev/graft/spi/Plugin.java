package dev.graft.spi;

/** Anything that is registered by a services file. */
public interface Plugin {

  /** What it is. */
  About about();
}
