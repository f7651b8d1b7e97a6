package dev.graft.server.registry;

/**
 * Which version answers for a model where a request names none.
 *
 * @param model its name
 * @param version that answers, from 1
 * @param previous what answered before; 0: nothing
 * @param digest SHA-256 of the version's manifest, which has those of its other files
 */
public record Promotion(String model, int version, int previous, String digest) {}
