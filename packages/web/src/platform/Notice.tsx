import type { ReactNode } from 'react';
import styles from './Notice.module.css';

/** What stands in the place of content: nothing there, something failed, please sign in. */
export function Notice(props: {
  title: string;
  text?: ReactNode;
  icon?: ReactNode;
  children?: ReactNode;
  /** Announced at once, for a failure. */
  urgent?: boolean;
  level?: 1 | 2;
}) {
  const Title = props.level === 1 ? 'h1' : 'h2';
  return (
    <section className={styles.notice} role={props.urgent ? 'alert' : undefined}>
      {props.icon ? (
        <div className={styles.icon} aria-hidden="true">
          {props.icon}
        </div>
      ) : null}
      <Title className={styles.title}>{props.title}</Title>
      {props.text ? <p className={styles.text}>{props.text}</p> : null}
      {props.children ? <div className={styles.action}>{props.children}</div> : null}
    </section>
  );
}
