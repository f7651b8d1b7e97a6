/** The artefact: weights, manifest, labels, preprocessing, plan and report in one folder. */
package dev.graft.bundle;
